import { isRead } from '../infra/automation/aws-calls.ts';
import type { Assembly } from '../sandbox/assembly/assembly.ts';
import { changingCalls, isInvoking, nameOfCall } from './changing-calls.ts';
import { isDeclared } from './declared-mutations.ts';
import type { Difference } from './difference.ts';
import type { RehearsedRunbook } from './rehearsed-runbook.ts';
import type { CallsOfPlay, Played } from './scene.ts';

/** What a play was, beside what came of it. */
export interface InvariantOptions {
  readonly runbook: RehearsedRunbook;
  readonly assembly: Assembly;
  /** Whether it was played until the incident was closed. */
  readonly toTheEnd: boolean;
}

type Rule<Part = Played> = (played: Part, options: InvariantOptions) => Difference | undefined;

/** What has to be so of the calls of any part of a play. */
const rulesOfCalls: readonly Rule<CallsOfPlay>[] = [checkDescribed, checkDenied, checkDeclared];
/** What has to be so whatever breaks, in the order in which it is told. */
const rules: readonly Rule[] = [
  checkStarted,
  ...rulesOfCalls,
  checkEnded,
  checkTime,
  checkAnswered,
  checkTold,
  checkLeases,
];

/** What in a play is not so although it must be so always. */
export function checkInvariants(played: Played, options: InvariantOptions): Difference[] {
  return findBroken(rules, played, options);
}

/** What is not so of the calls of a part of a play: described, allowed and declared. */
export function checkCalls(played: CallsOfPlay, options: InvariantOptions): Difference[] {
  return findBroken(rulesOfCalls, played, options);
}

function findBroken<Part>(rules: readonly Rule<Part>[], played: Part, options: InvariantOptions): Difference[] {
  return rules.map((rule) => rule(played, options)).filter((difference) => difference !== undefined);
}

function checkStarted({ incident, runbook }: Played, { runbook: { id } }: InvariantOptions): Difference | undefined {
  if (runbook?.machineArn.endsWith(`:handsoff-runbook-${id}`)) return undefined;
  const found = incident
    ? `the incident went to the runbook ${incident.runbook}`
    : 'the event opened no incident: is it an alert that is known, and does it fire?';
  return { what: 'started', expected: [`the event starts the runbook ${id}`], found: [found] };
}

function checkDescribed({ faults }: CallsOfPlay): Difference | undefined {
  return broken('described', 'the world answers every call, and the sandbox can do all of it', faults);
}

function checkDenied({ denied }: CallsOfPlay): Difference | undefined {
  return broken('allowed', 'IAM allows every call', denied);
}

/** What a change needs beside itself and only looks, such as the size of the queue that is moved, is granted without being said. */
function checkDeclared({ calls }: CallsOfPlay, { runbook, assembly }: InvariantOptions): Difference | undefined {
  const undeclared = changingCalls(calls, runbook, assembly).flatMap((call) =>
    call.grants
      .filter((grant) => !isRead(grant.action) && !isDeclared(grant, runbook.manifest))
      .map(({ action, resource }) => `${nameOfCall(call)} needs ${action} on ${resource}`),
  );
  return broken('declared', 'the manifest declares every change under mutations', [...new Set(undeclared)]);
}

/** Without the end of the story the response itself still waits for somebody. */
function checkEnded({ executions, unfinished }: Played, { toTheEnd }: InvariantOptions): Difference | undefined {
  const running = executions
    .filter(({ status, machineArn }) => status === 'RUNNING' && (toTheEnd || !machineArn.endsWith(':handsoff-respond')))
    .map(({ machineArn, name }) => `${nameOfMachine(machineArn)} ${name} still runs`);
  return broken('ended', 'every execution, automation and command ends', [
    ...running,
    ...unfinished.map((what) => `${what} has not ended`),
  ]);
}

function checkTime({ runbook }: Played, { runbook: { limitSeconds } }: InvariantOptions): Difference | undefined {
  if (!runbook || runbook.status !== 'TIMED_OUT') return undefined;
  return broken('time', `the runbook ends within its ${limitSeconds} seconds`, ['it was ended by its time limit']);
}

/**
 * Whatever a runbook could not find out, it says so to a person itself. Where it fails, people hear of that, and not of
 * what it had found; only where it cannot call anybody there is nothing else left.
 */
function checkAnswered({ runbook, calls }: Played): Difference | undefined {
  const isCut = calls.some((call) => isInvoking(call, 'handsoff-call-person') && call.error !== undefined);
  if (!runbook || runbook.status !== 'FAILED' || isCut) return undefined;
  const { error, cause } = runbook;
  return broken('answered', 'the runbook comes to an answer, whatever breaks', [
    `it failed: ${[error, cause].filter(Boolean).join(': ')}`,
  ]);
}

/** Words of messages that call a person; the others only inform. */
const CALLS = /PERSON NEEDED|NOT ACKNOWLEDGED|HANDSOFF ITSELF FAILED|Handsoff needs a person|Handsoff could not/;

function checkTold({ told, incident, timeline }: Played): Difference | undefined {
  const isOver =
    incident?.status === 'resolved' && timeline.some(({ kind, by }) => kind === 'resolved' && !isPerson(by));
  const isProposed = incident?.remediation === 'proposed';
  const words = isOver ? /RESOLVED/ : isProposed ? /REPAIR PROPOSED/ : CALLS;
  if (told.some(({ text }) => words.test(text) || CALLS.test(text))) return undefined;
  return {
    what: 'told',
    expected: ['a person hears of it'],
    found: told.length > 0 ? told.map(({ by, text }) => `${by}: ${text}`) : ['nobody was told anything'],
  };
}

/** A target stays locked only where nobody can say whether the repair is still at work, and people hear so. */
function checkLeases({ leases, timeline }: Played): Difference | undefined {
  const isExplained = timeline.some(({ text }) => text.includes('stays locked'));
  if (isExplained) return undefined;
  return broken(
    'leases',
    'no target stays locked',
    leases.map((target) => `${target} is locked`),
  );
}

function isPerson(by: string): boolean {
  return by !== 'handsoff' && !by.startsWith('runbook:');
}

function broken(what: string, expected: string, found: readonly string[]): Difference | undefined {
  return found.length === 0 ? undefined : { what, expected: [expected], found };
}

function nameOfMachine(arn: string): string {
  return arn.replace(/^.*:handsoff-/, '');
}
