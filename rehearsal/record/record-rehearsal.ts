import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { stringify } from 'yaml';
import type { Alert } from '../../functions/domain/alert.ts';
import { withoutSecrets } from '../../functions/domain/secret-text.ts';
import { alarmEvent } from './alarm-event.ts';
import { recordAutomation } from './automation-answers.ts';
import type { RecordedExecution } from './read-execution.ts';

/** The files of a recorded rehearsal, by name, and what is left to do by hand. */
export interface RecordedRehearsal {
  readonly files: Readonly<Record<string, string>>;
  readonly toDo: readonly string[];
}

/** Any account would do: whose it was is nobody's business. */
const anyAccount = '123456789012';

/** Makes of an execution a rehearsal named `name`, with what AWS answered as its world and what happened as what is expected. */
export function recordRehearsal(execution: RecordedExecution, name: string): RecordedRehearsal {
  const alert = execution.input['alert'] as Alert;
  const clean = (text: string) => withoutSecrets(scrubAccounts(text, execution.account));
  const json = (value: unknown) => clean(`${JSON.stringify(value, null, 2)}\n`);
  const event = alarmEvent(alert, 'ALARM');
  const recovered = alarmEvent(alert, 'OK');
  const seconds = recoverySeconds(execution.remediate);
  const automations = execution.automations.map(recordAutomation);
  const happenings =
    recovered && seconds !== undefined
      ? [{ when: { call: 'ssm:StartAutomationExecution' }, after: `${seconds}s`, eventFile: `${name}.recovered.json` }]
      : [];
  const rehearsal = {
    title: `As it happened on ${alert.origin.received_at.slice(0, 10)}: ${execution.runbook} ended ${outcomeOf(execution)}`,
    event: `${name}.alarm.json`,
    world: {
      answers: [...taskAnswers(execution.history), ...latestFirst(automations.flatMap(({ answers }) => answers))],
      commands: automations.flatMap(({ commands }) => commands),
      happenings,
      resources: alert.resource.arn ? [{ arn: placed(alert.resource.arn), tags: { handsoff: 'act' } }] : [],
    },
    expect: {
      outcome: outcomeOf(execution),
      path: statesOf(execution.history),
      findings: Object.fromEntries(findingsOf(execution).map(({ diagnostic, verdict }) => [diagnostic, verdict])),
      mutations: automations.flatMap(({ mutations }) => mutations),
      told: toldOf(execution),
    },
  };
  return {
    files: {
      [`${name}.yaml`]: clean(stringify(rehearsal, { lineWidth: 120 })),
      ...(event && { [`${name}.alarm.json`]: json(event) }),
      ...(happenings.length > 0 && { [`${name}.recovered.json`]: json(recovered) }),
    },
    toDo: event
      ? []
      : [
          `The alert came as ${alert.origin.format}, whose event cannot be made from it: put the event into ${name}.alarm.json.`,
        ],
  };
}

interface Finding {
  readonly diagnostic: string;
  readonly verdict: string;
}

function outcomeOf({ output }: RecordedExecution): string {
  const outcome = output?.['outcome'];
  return typeof outcome === 'string' ? outcome : 'needs-human';
}

function findingsOf({ output }: RecordedExecution): Finding[] {
  const findings = output?.['findings'];
  return Array.isArray(findings) ? (findings as Finding[]) : [];
}

function statesOf(history: readonly HistoryEvent[]): string[] {
  return history.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []);
}

function toldOf(execution: RecordedExecution): string[] {
  const diagnosed = findingsOf(execution).length > 0 ? ['diagnosed'] : [];
  const started = execution.automations.length > 0 ? ['automation-started'] : [];
  return ['triggered', ...diagnosed, ...started, outcomeOf(execution) === 'recovered' ? 'resolved' : 'needs-human'];
}

/** What the definition's own calls were answered: those of the SDK, and what the diagnostics found. */
function taskAnswers(history: readonly HistoryEvent[]): Record<string, unknown>[] {
  const byId = new Map(history.map((event) => [event.id, event]));
  return history.flatMap((event) => {
    const { taskSucceededEventDetails: details } = event;
    if (!details?.output) return [];
    const output: unknown = JSON.parse(details.output);
    const [, service] = /^aws-sdk:(.+)$/.exec(details.resourceType ?? '') ?? [];
    if (service) {
      const action = String(details.resource);
      return [{ call: `${service}:${action.charAt(0).toUpperCase()}${action.slice(1)}`, output, times: 1 }];
    }
    const functionName = functionOf(event, byId);
    if (details.resourceType !== 'lambda' || !functionName.endsWith('handsoff-diagnose')) return [];
    const payload: unknown = Reflect.get(Object(output), 'Payload');
    return [
      {
        call: 'lambda:Invoke',
        input: { FunctionName: [{ suffix: 'handsoff-diagnose' }] },
        output: { Payload: payload },
        times: 1,
      },
    ];
  });
}

function functionOf(event: HistoryEvent, byId: ReadonlyMap<number | undefined, HistoryEvent>): string {
  for (let before: HistoryEvent | undefined = event; before; before = byId.get(before.previousEventId)) {
    const { parameters } = before.taskScheduledEventDetails ?? {};
    if (parameters) return String(Reflect.get(Object(JSON.parse(parameters)), 'FunctionName'));
  }
  return '';
}

/** Of answers that hold after a call the latest comes first, because the first that fits is given. */
function latestFirst(answers: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const isLater = (answer: Record<string, unknown>) => answer['after'] !== undefined;
  return [...answers.filter(isLater).toReversed(), ...answers.filter((answer) => !isLater(answer))];
}

/** How long after the automation began the alarm was OK; undefined where it never was. */
function recoverySeconds(remediate: readonly HistoryEvent[]): number | undefined {
  const begun = remediate.find(({ stateEnteredEventDetails: details }) => details?.name === 'Run Automation');
  const recovered = remediate.find(({ stateExitedEventDetails: details }) => details?.name === 'Await Recovery');
  const held = remediate.some(({ stateEnteredEventDetails: details }) => details?.name === 'Hold Recovery');
  if (!begun?.timestamp || !recovered?.timestamp || !held) return undefined;
  return Math.max(1, Math.round((recovered.timestamp.getTime() - begun.timestamp.getTime()) / 1000));
}

/** Resources of a world name account and Region by their places. */
function placed(arn: string): string {
  const [, partition = 'aws', service = '', , , ...rest] = arn.split(':');
  return `arn:${partition}:${service}:{{region}}:{{account}}:${rest.join(':')}`;
}

/** The account's own number everywhere, and whatever stands where an ARN has an account. */
function scrubAccounts(text: string, account: string): string {
  const others = text.replace(/(arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:)\d{12}(?=:)/g, `$1${anyAccount}`);
  return account === '' ? others : others.replaceAll(account, anyAccount);
}
