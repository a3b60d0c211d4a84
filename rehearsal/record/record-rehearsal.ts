import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { AutomationExecution } from '@aws-sdk/client-ssm';
import type { Alert } from '../../functions/domain/alert.ts';
import { documentName } from '../../infra/catalog-entry.ts';
import type { RunbookManifest } from '../../infra/config/schemas.ts';
import type { DocumentFile } from '../../infra/folder-documents.ts';
import { nameOfCall } from '../changing-calls.ts';
import { alarmEvent } from './alarm-event.ts';
import { type RecordedAutomation, recordAutomation } from './automation-answers.ts';
import { changedResources, placed, type TaggedResource } from './changed-resources.ts';
import { type MachineAnswers, machineAnswers } from './machine-answers.ts';
import type { RecordedExecution } from './read-execution.ts';
import { answersInOrder } from './recorded-answer.ts';
import { type RepairCourse, repairCourse } from './repair-course.ts';
import { jobsToDescribe } from './rundeck-jobs.ts';
import { scrubber, withoutPrivateTexts } from './scrub.ts';
import { stepOutputs } from './step-answers.ts';
import { yamlText } from './yaml-text.ts';

/** The files of a recorded rehearsal, by name, and what is left to do by hand. */
export interface RecordedRehearsal {
  readonly files: Readonly<Record<string, string>>;
  readonly toDo: readonly string[];
}

/** What a runbook's folder says of what it did: what a step reads from its answer, and what it may change. */
export interface RecordedFolder {
  readonly documents: readonly DocumentFile[];
  readonly manifest: Pick<RunbookManifest, 'id' | 'mutations'>;
}

/** Makes of an execution a rehearsal named `name`, with what AWS answered as its world and what happened as what is expected. */
export function recordRehearsal(execution: RecordedExecution, name: string, folder: RecordedFolder): RecordedRehearsal {
  const { runbook, account, region, automations } = execution;
  const alert = execution.input['alert'] as Alert;
  const looked = machineAnswers(execution.history);
  const repaired = automations.map((automation) => repairOf(automation, runbook, folder));
  const course = repairCourse(execution.remediate);
  const sent = eventsOf(alert, name, course);
  const changes = repaired.flatMap((automation) => automation.changes);
  const faults = [...looked.faults, ...course.faults];
  const rehearsal = {
    title: `As it happened on ${alert.origin.received_at.slice(0, 10)}: ${runbook} ended ${outcomeOf(execution)}`,
    event: alarmFile(name),
    ...(course.approver !== 'agrees' && { people: { approver: course.approver } }),
    world: {
      ...worldOf(execution, looked, repaired),
      happenings: sent.flatMap(happeningOf),
      resources: resourcesOf(alert, changedResources(changes, folder.manifest, region)),
    },
    ...(faults.length > 0 && { faults }),
  };
  const expected = {
    expect: {
      outcome: outcomeOf(execution),
      path: statesOf(execution.history),
      findings: Object.fromEntries(looked.findings.map(({ diagnostic, verdict }) => [diagnostic, verdict])),
      mutations: changes.map(nameOfCall),
      told: toldOf(execution, looked),
    },
  };
  const inPlace = scrubber(account, region, [alert.origin.account ?? account]);
  const clean = (value: unknown) => withoutPrivateTexts(inPlace(value));
  return {
    files: {
      // A verdict about an access key is no secret.
      [`${name}.yaml`]: yamlText(clean(rehearsal)) + yamlText(inPlace(expected)),
      ...Object.fromEntries(
        sent
          .filter(({ event }) => event !== undefined)
          .map(({ file, event }) => [file, `${JSON.stringify(clean(event), null, 2)}\n`]),
      ),
    },
    toDo: [
      ...sent.flatMap((one) => eventToPut(one, alert)),
      ...looked.toDo,
      ...course.toDo,
      ...automations.flatMap(({ StepExecutions = [] }) => jobsToDescribe(StepExecutions)),
      ...lacksOf(execution),
    ],
  };
}

function repairOf(automation: AutomationExecution, runbook: string, { documents }: RecordedFolder): RecordedAutomation {
  const isIts = ({ name, kind }: DocumentFile) => documentName(runbook, name, kind) === automation.DocumentName;
  const outputs = stepOutputs(documents.find(isIts)?.content);
  return recordAutomation(automation, (step) => outputs.get(step) ?? []);
}

function worldOf({ history }: RecordedExecution, looked: MachineAnswers, repaired: readonly RecordedAutomation[]) {
  const answers = [...looked.answers, ...repaired.flatMap((automation) => automation.answers)];
  const jobs = repaired.flatMap((automation) => automation.jobs);
  return {
    answers: answersInOrder(answers, isConcurrent(history)),
    commands: [...looked.commands, ...repaired.flatMap(({ commands }) => commands)],
    scripts: repaired.flatMap(({ scripts }) => scripts),
    ...(jobs.length > 0 && { jobs }),
  };
}

/** An event that somebody sent. */
interface SentEvent {
  readonly what: string;
  readonly file: string;
  /** Undefined where it cannot be made from the alert. */
  readonly event: Record<string, unknown> | undefined;
  /** How long after the automation began, in seconds; undefined for the alert itself. */
  readonly after?: number;
}

const alarmFile = (name: string): string => `${name}.alarm.json`;

/** The alert, and what said that it was over and was not. */
function eventsOf(alert: Alert, name: string, course: RepairCourse): SentEvent[] {
  const later = (what: string, file: string, value: Parameters<typeof alarmEvent>[1], after: number | undefined) =>
    after === undefined ? [] : [{ what, file: `${name}.${file}.json`, event: alarmEvent(alert, value, true), after }];
  return [
    { what: 'The alert', file: alarmFile(name), event: alarmEvent(alert, 'ALARM') },
    ...later('Its recovery', 'recovered', 'OK', course.clearedAfter),
    ...later('Its silence', 'silent', 'INSUFFICIENT_DATA', course.silentAfter),
    ...later('Its relapse', 'again', 'ALARM', course.firedAgainAfter),
  ];
}

function happeningOf({ file, after }: SentEvent) {
  if (after === undefined) return [];
  return [{ when: { call: 'ssm:StartAutomationExecution' }, after: `${after}s`, eventFile: file }];
}

function eventToPut({ what, file, event }: SentEvent, { origin }: Alert): string[] {
  if (event) return [];
  return [`${what} came as ${origin.format}, whose event cannot be made from it: put the event into ${file}.`];
}

/** What the alert is about takes part in Handsoff, or nothing would have been changed. */
function resourcesOf({ resource }: Alert, changed: readonly TaggedResource[]): TaggedResource[] {
  const itself = resource.arn ? [{ arn: placed(resource.arn), tags: { handsoff: 'act' } }] : [];
  return [...new Map([...itself, ...changed].map((one) => [one.arn, one])).values()];
}

function outcomeOf({ output }: RecordedExecution): string {
  const outcome = output?.['outcome'];
  return typeof outcome === 'string' ? outcome : 'needs-human';
}

function statesOf(history: readonly HistoryEvent[]): string[] {
  return history.flatMap(({ stateEnteredEventDetails: details }) => details?.name ?? []);
}

function toldOf(execution: RecordedExecution, { findings }: MachineAnswers): string[] {
  const diagnosed = findings.length > 0 ? ['diagnosed'] : [];
  const started = execution.automations.length > 0 ? ['automation-started'] : [];
  return ['triggered', ...diagnosed, ...started, outcomeOf(execution) === 'recovered' ? 'resolved' : 'needs-human'];
}

/** Whether calls were made at the same time, which may come in another order again. */
function isConcurrent(history: readonly HistoryEvent[]): boolean {
  return history.some(({ type }) => type === 'ParallelStateStarted' || type === 'MapStateStarted');
}

/** What is not in the histories that were read. */
function lacksOf({ history, ended }: RecordedExecution): string[] {
  return [
    ...(ended === 'SUCCEEDED'
      ? []
      : [`It ended ${ended} and gave no outcome: it cannot pass before its definition gives one in such a case.`]),
    ...(isConcurrent(history)
      ? [
          'Branches ran at the same time: if they come in another order, npx handsoff rehearse --update writes the path.',
        ]
      : []),
    ...(history.some(({ type }) => type === 'MapRunStarted')
      ? [
          'The children of a distributed map have histories of their own, which are not read: say what they were answered.',
        ]
      : []),
  ];
}
