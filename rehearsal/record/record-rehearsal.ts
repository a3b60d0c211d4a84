import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { AutomationExecution } from '@aws-sdk/client-ssm';
import { stringify } from 'yaml';
import type { Alert } from '../../functions/domain/alert.ts';
import { withoutSecrets } from '../../functions/domain/secret-text.ts';
import { documentName } from '../../infra/catalog-entry.ts';
import type { DocumentFile } from '../../infra/folder-documents.ts';
import { alarmEvent } from './alarm-event.ts';
import { recordAutomation } from './automation-answers.ts';
import { machineAnswers } from './machine-answers.ts';
import type { RecordedExecution } from './read-execution.ts';
import { stepOutputs } from './step-answers.ts';

/** The files of a recorded rehearsal, by name, and what is left to do by hand. */
export interface RecordedRehearsal {
  readonly files: Readonly<Record<string, string>>;
  readonly toDo: readonly string[];
}

/** Any account would do: whose it was is nobody's business. */
const anyAccount = '123456789012';

/**
 * Makes of an execution a rehearsal named `name`, with what AWS answered as its world and what happened as what is
 * expected. `documents` are those of the runbook's folder: they say what a step read from its answer.
 */
export function recordRehearsal(
  execution: RecordedExecution,
  name: string,
  documents: readonly DocumentFile[] = [],
): RecordedRehearsal {
  const alert = execution.input['alert'] as Alert;
  const scrub = (text: string) => scrubAccounts(text, [execution.account, alert.origin.account ?? '']);
  const clean = (text: string) => withoutSecrets(scrub(text));
  const yaml = (value: unknown) => stringify(value, { lineWidth: 120 });
  const json = (value: unknown) => clean(`${JSON.stringify(value, null, 2)}\n`);
  const event = alarmEvent(alert, 'ALARM');
  const recovered = alarmEvent(alert, 'OK');
  const seconds = recoverySeconds(execution.remediate);
  const looked = machineAnswers(execution.history);
  const automations = execution.automations.map((automation) => {
    const isIts = (file: DocumentFile) =>
      documentName(execution.runbook, file.name, file.kind) === automation.DocumentName;
    const outputs = stepOutputs(documents.find(isIts)?.content);
    return recordAutomation(automation, (step) => outputs.get(step) ?? []);
  });
  const approver = approverIn(execution.remediate);
  const happenings =
    recovered && seconds !== undefined
      ? [{ when: { call: 'ssm:StartAutomationExecution' }, after: `${seconds}s`, eventFile: `${name}.recovered.json` }]
      : [];
  const rehearsal = {
    title: `As it happened on ${alert.origin.received_at.slice(0, 10)}: ${execution.runbook} ended ${outcomeOf(execution)}`,
    event: `${name}.alarm.json`,
    ...(approver !== 'agrees' && { people: { approver } }),
    world: {
      answers: lastHolds([...looked.answers, ...latestFirst(automations.flatMap(({ answers }) => answers))]),
      commands: [...looked.commands, ...automations.flatMap(({ commands }) => commands)],
      scripts: automations.flatMap(({ scripts }) => scripts),
      happenings,
      resources: alert.resource.arn ? [{ arn: placed(alert.resource.arn), tags: { handsoff: 'act' } }] : [],
    },
  };
  const expected = {
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
      // A verdict about an access key is no secret.
      [`${name}.yaml`]: clean(yaml(rehearsal)) + scrub(yaml(expected)),
      ...(event && { [`${name}.alarm.json`]: json(event) }),
      ...(happenings.length > 0 && { [`${name}.recovered.json`]: json(recovered) }),
    },
    toDo: [
      ...(event
        ? []
        : [
            `The alert came as ${alert.origin.format}, whose event cannot be made from it: put the event into ${name}.alarm.json.`,
          ]),
      ...execution.automations.flatMap(functionsToDescribe),
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

function functionsToDescribe({ StepExecutions: steps = [] }: AutomationExecution): string[] {
  const names = new Set(
    steps.filter(({ Action }) => Action === 'aws:invokeLambdaFunction').map(({ StepName }) => StepName),
  );
  return [...names].map(
    (step) =>
      `What the function of the step ${step} did is not in the history: say it under answers or jobs of the world.`,
  );
}

/** Step Functions says who was asked, and whether it then went on. */
function approverIn(remediate: readonly HistoryEvent[]): 'agrees' | 'refuses' | 'silent' {
  const hasEntered = (state: string) =>
    remediate.some(({ stateEnteredEventDetails: details }) => details?.name === state);
  if (!hasEntered('Ask Approver') || hasEntered('Run Automation') || hasEntered('Contain Trouble')) return 'agrees';
  return remediate.some(({ type }) => type === 'TaskTimedOut') ? 'silent' : 'refuses';
}

/** What is asked once more than it was is answered as it was last. */
function lastHolds(answers: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const isLast = (index: number, call: unknown) => !answers.slice(index + 1).some((answer) => answer['call'] === call);
  return answers.map(({ times, ...answer }, index) => {
    const isFinding = answer['call'] === 'lambda:Invoke';
    return times === undefined || (!isFinding && isLast(index, answer['call'])) ? answer : { ...answer, times };
  });
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

/** The accounts of the execution and its alert everywhere, and any where an ARN, a registry or a queue's URL has one. */
function scrubAccounts(text: string, accounts: readonly string[]): string {
  const others = text
    .replace(/(arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:)\d{12}(?=:)/g, `$1${anyAccount}`)
    .replace(/\b\d{12}(?=\.dkr\.ecr\.)/g, anyAccount)
    .replace(/(https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com\/)\d{12}(?=\/)/g, `$1${anyAccount}`)
    .replace(/("?\b\w{0,40}(?:[Aa]ccount|[Oo]wner)(?:_?[Ii]ds?)?"?: ?"?)\d{12}\b/g, `$1${anyAccount}`);
  return accounts
    .filter((account) => account !== '')
    .reduce((clean, account) => clean.replaceAll(account, anyAccount), others);
}
