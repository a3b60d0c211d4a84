import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Write } from '../../../functions/adapters/dynamodb-table.ts';
import { IncidentStore } from '../../../functions/adapters/incident-store.ts';
import { AnAccount } from './an-account.ts';
import { ARemediation, incidentIdOf } from './a-remediation.ts';
import { groupSize, percent, type Step } from './repair-worker.ts';

const count = 500;
const cap = (groupSize * percent) / 100;
const names = Array.from({ length: count }, (_, index) => String(index));
/** A second of the executions in milliseconds of this test. */
const second = 10;
let account: AnAccount;
/** SSM's own record of what is in flight, which the guards know nothing of. */
let inFlight: Set<string>;
let started: string[];
let mostInFlight: number;
/** Resolves when as many have been in flight at once as may be: how fast this machine is must not decide whether they are. */
let full: Promise<void>;
let fill: () => void;
let ended: number;

beforeEach(async () => {
  account = new AnAccount();
  await account.open(4);
  inFlight = new Set();
  started = [];
  mostInFlight = 0;
  full = new Promise((resolve) => {
    fill = resolve;
  });
  ended = 0;
});
afterEach(() => account.close());

const seconds = (amount: number) => new Promise((resolve) => setTimeout(resolve, amount * second));

/** Has a step done until its process lives to answer, as Step Functions retries a function whose process died. */
async function invoke(step: Step): Promise<unknown> {
  try {
    return await account.invoke(step);
  } catch (error) {
    if (error instanceof Error && error.name === 'KilledError') return invoke(step);
    throw error;
  }
}

/** The way of `remediate`: guard, tried again while it is busy; run; finish. */
async function execute(name: string): Promise<void> {
  for (let delay = 5; !(await mayRun(name)); delay = Math.min(60, 2 * delay)) await seconds(Math.random() * delay);
  if (!inFlight.has(name)) started.push(name);
  inFlight.add(name);
  mostInFlight = Math.max(mostInFlight, inFlight.size);
  if (inFlight.size === cap) fill();
  await Promise.all([full, seconds(2)]);
  inFlight.delete(name);
  expect(await invoke({ kind: 'finish', name })).toMatchObject({ outcome: 'recovered' });
  ended++;
  if (ended === count / 2) account.killAfter(isClaim, isRelease);
}

async function mayRun(name: string): Promise<boolean> {
  try {
    expect(await invoke({ kind: 'guard', name })).toMatchObject({ decision: 'run' });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'GuardBusyError') return false;
    throw error;
  }
}

function isClaim(writes: readonly Write[]): boolean {
  return writes.some(({ put }) => put?.pk.startsWith('LEASE#'));
}

function isRelease(writes: readonly Write[]): boolean {
  return writes.some(({ delete: gone }) => gone?.pk.startsWith('LEASE#'));
}

// Five hundred at once would be a storm as well, in which nothing is changed: here that guard is not asked.
it('repairs 500 at once on one group without ever more than its share in flight, though its processes are killed', async () => {
  const repair = new ARemediation(account.table);
  for (const name of names) await repair.open(name, new Date('2026-11-02T03:00:00.000Z'));
  await Promise.all(names.map(execute));

  expect(account.kills).toBe(2);
  expect(mostInFlight).toBe(cap);
  expect(Object.fromEntries(account.mostHolders)).toEqual({
    'SLOTS#auto-scaling-group:web': cap,
    'SLOTS#automations': cap,
  });
  expect(started.toSorted()).toEqual(names.toSorted());
  expect(account.table.below('LEASE#')).toEqual([]);
  expect(account.table.below('SLOTS#').flatMap(({ holders }) => holders)).toEqual([]);
  const incidents = new IncidentStore(account.table);
  const kinds = await Promise.all(
    names.map(async (name) => (await incidents.read(incidentIdOf(name)))?.timeline.map(({ kind }) => kind)),
  );
  expect(new Set(kinds.map(String))).toEqual(new Set(['triggered,automation-started,cleared,resolved']));
});
