import type { HistoryEvent } from '../../sandbox/states/step-functions.ts';
import { nameOfCall, isReading } from '../changing-calls.ts';
import { checkCalls } from '../check-invariants.ts';
import type { Difference } from '../difference.ts';
import type { InvariantOptions } from '../check-invariants.ts';
import type { AskedGuard, Played } from '../scene.ts';
import type { GuardScenario } from './guard-scene.ts';
import { isRecord } from '../../sandbox/members.ts';

/** What the guard said, from the history of `remediate`. */
interface Said {
  readonly answer: string;
  /** The sentence for people. */
  readonly text: string;
}

/** What is not as it has to be when a guard says no: nothing is begun, people hear why, and a person is called. */
export function checkGuard(scenario: GuardScenario, played: Played, options: InvariantOptions): Difference[] {
  const said = whatGuardSaid(played);
  const differences = [
    ...checkCalls(played, options),
    compare('the guard says', scenario.answer, said?.answer ?? 'nothing'),
    checkNothingBegun(played, options),
    ...(scenario.isQuiet || scenario.answer === 'busy' ? [] : checkHeard(scenario, played, said)),
  ];
  return differences.filter((difference) => difference !== undefined);
}

/** The same of a guard that was asked alone. */
export function checkGuardAnswer(scenario: GuardScenario, asked: AskedGuard, options: InvariantOptions): Difference[] {
  const { hasFailed, answer } = asked;
  const said = hasFailed ? failureIn(answer) : readPayload(answer);
  const difference = compare('the guard says', scenario.answer, said?.answer ?? JSON.stringify(answer));
  return [...checkCalls(asked, options), ...(difference ? [difference] : [])];
}

/** Whether it wants an approver first. */
export function isAskingAgain({ answer }: AskedGuard): boolean {
  return readPayload(answer)?.answer === 'ask';
}

function failureIn(answer: unknown): Said | undefined {
  const isBusy = isRecord(answer) && answer['errorType'] === 'GuardBusyError';
  return isBusy ? { answer: 'busy', text: '' } : undefined;
}

/** A guard that only asked an approver is asked once more when he has agreed. */
function whatGuardSaid({ executions }: Played): Said | undefined {
  const history = executions.find(({ machineArn }) => machineArn.endsWith(':handsoff-remediate'))?.history ?? [];
  const said = history.map(answerIn).filter((answer) => answer !== undefined);
  return said.find(({ answer }) => answer !== 'ask') ?? said[0];
}

function answerIn(event: HistoryEvent): Said | undefined {
  const failed = event['taskFailedEventDetails'];
  if (isRecord(failed) && failed['error'] === 'GuardBusyError') return { answer: 'busy', text: '' };
  const succeeded = event['taskSucceededEventDetails'];
  return isRecord(succeeded) ? readAnswer(succeeded['output']) : undefined;
}

function readAnswer(output: unknown): Said | undefined {
  const answer: unknown = typeof output === 'string' ? JSON.parse(output) : undefined;
  return readPayload(isRecord(answer) ? answer['Payload'] : undefined);
}

function readPayload(payload: unknown): Said | undefined {
  if (!isRecord(payload)) return undefined;
  const { decision, reason, text: sentence } = payload;
  if (decision === undefined) return undefined;
  return { answer: text(decision === 'refuse' ? reason : decision), text: text(sentence) };
}

function checkNothingBegun({ calls }: Played, { runbook }: InvariantOptions): Difference | undefined {
  const begun = calls.filter(
    (call) =>
      (call.principal.arn === runbook.automationRole && !isReading(call)) ||
      call.operation === 'StartAutomationExecution',
  );
  if (begun.length === 0) return undefined;
  return { what: 'nothing begins', expected: ['no change, no automation'], found: begun.map(nameOfCall) };
}

function checkHeard(
  scenario: GuardScenario,
  { timeline, told }: Played,
  said: Said | undefined,
): (Difference | undefined)[] {
  const isProposal = scenario.answer === 'propose';
  const kind = isProposal ? 'proposed' : 'remediation-refused';
  const entry = timeline.find((line) => line.kind === kind);
  const isSaid = entry?.text.includes(said?.text ?? '') ?? false;
  const words = isProposal ? 'REPAIR PROPOSED' : 'PERSON NEEDED';
  const isTold = told.some((message) => message.text.includes(words));
  return [
    isSaid
      ? undefined
      : { what: 'timeline', expected: [`${kind}: ${said?.text ?? ''}`], found: [entry?.text ?? 'no such line'] },
    isTold ? undefined : { what: 'told', expected: [words], found: told.map((message) => message.text) },
  ];
}

function compare(what: string, expected: string, found: string): Difference | undefined {
  return expected === found ? undefined : { what, expected: [expected], found: [found] };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'nothing';
}
