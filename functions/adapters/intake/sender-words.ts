import type { EventAction, Severity } from '../../domain/alert.ts';

/**
 * What senders call a severity or a priority, in lower case and without what parts them: `SEV-1` is `sev1`. Where the users
 * of a sender choose the words, they are of these as well; a sender that means something else by one has a table of its own.
 */
const severityWords: Readonly<Record<Severity, readonly string[]>> = {
  critical: ['critical', 'crit', 'page', 'emergency', 'emerg', 'fatal', 'disaster', 'blocker', 'alert', 'p1', 'sev1'],
  error: ['error', 'err', 'high', 'major', 'severe', 'urgent', 'p2', 'sev2'],
  warning: ['warning', 'warn', 'medium', 'moderate', 'average', 'minor', 'ticket', 'p3', 'sev3'],
  info: [
    'info',
    'information',
    'informational',
    'notice',
    'low',
    'debug',
    'sample',
    'ok',
    'none',
    'p4',
    'p5',
    'sev4',
    'sev5',
  ],
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

/**
 * The bands of GuardDuty and of Security Hub, whose scores are ten times as high; lowest value of each first.
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html
 */
const scores: readonly { from: number; severity: Severity }[] = [
  { from: 9, severity: 'critical' },
  { from: 7, severity: 'error' },
  { from: 4, severity: 'warning' },
];

const severitiesByWord = byWord(severityWords);
const actionsByWord = byWord(actionWords);

/** The severity that a word stands for, in any case; undefined for a word that is not known. */
export function severityNamed(word: string | undefined): Severity | undefined {
  return severitiesByWord.get((word ?? '').toLowerCase().replace(/[\s_-]/g, ''));
}

/** The severity of a score from 0 to 10. */
export function severityScored(score: number): Severity {
  return scores.find(({ from }) => score >= from)?.severity ?? 'info';
}

/** The action that a word stands for, in any case; undefined for a word that is not known. */
export function actionNamed(word: string | undefined): EventAction | undefined {
  return actionsByWord.get((word ?? '').trim().toLowerCase());
}

function byWord<T extends string>(words: Readonly<Record<T, readonly string[]>>): ReadonlyMap<string, T> {
  const values = Object.keys(words) as T[];
  return new Map(values.flatMap((value) => words[value].map((word) => [word, value] as const)));
}
