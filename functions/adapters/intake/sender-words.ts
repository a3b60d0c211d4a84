import type { EventAction, Severity } from '../../domain/alert.ts';

/**
 * What senders whose users choose the words call a severity, in lower case: labels of Prometheus and Grafana, attributes
 * of CloudEvents and SNS messages, JSONata mappings. Formats with words of their own have tables of their own.
 */
const severityWords: Readonly<Record<Severity, readonly string[]>> = {
  critical: ['critical', 'crit', 'page', 'emergency', 'emerg', 'fatal', 'disaster', 'blocker', 'alert', 'p1', 'sev1'],
  error: ['error', 'err', 'high', 'major', 'severe', 'urgent', 'p2', 'sev2'],
  warning: ['warning', 'warn', 'medium', 'moderate', 'average', 'minor', 'ticket', 'p3', 'sev3'],
  info: ['info', 'information', 'informational', 'notice', 'low', 'debug', 'ok', 'none', 'p4', 'p5', 'sev4', 'sev5'],
};

/** What senders call a change of an alert, in lower case. */
const actionWords: Readonly<Record<EventAction, readonly string[]>> = {
  trigger: [
    'trigger',
    'triggered',
    'fire',
    'firing',
    'fired',
    'alert',
    'alerting',
    'alarm',
    'raised',
    'problem',
    'failed',
    'open',
    'opened',
    'reopened',
    'created',
    'active',
    'activated',
    'unresolved',
    'down',
    'critical',
    'warning',
  ],
  acknowledge: ['acknowledge', 'acknowledged', 'ack', 'acked'],
  resolve: [
    'resolve',
    'resolved',
    'ok',
    'recover',
    'recovered',
    'recovery',
    'close',
    'closed',
    'clear',
    'cleared',
    'normal',
    'inactive',
    'deactivated',
    'up',
    'success',
    'healthy',
    'fixed',
  ],
};

const severitiesByWord = byWord(severityWords);
const actionsByWord = byWord(actionWords);

/** The severity that a word stands for, in any case; undefined for a word that is not known. */
export function severityNamed(word: string | undefined): Severity | undefined {
  return word === undefined ? undefined : severitiesByWord.get(word.trim().toLowerCase());
}

/** The action that a word stands for, in any case; undefined for a word that is not known. */
export function actionNamed(word: string | undefined): EventAction | undefined {
  return word === undefined ? undefined : actionsByWord.get(word.trim().toLowerCase());
}

function byWord<T extends string>(words: Readonly<Record<T, readonly string[]>>): ReadonlyMap<string, T> {
  const values = Object.keys(words) as T[];
  return new Map(values.flatMap((value) => words[value].map((word) => [word, value] as const)));
}
