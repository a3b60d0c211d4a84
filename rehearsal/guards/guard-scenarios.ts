import type { Approval } from '../../functions/domain/approval.ts';
import { requestHashOf } from '../../functions/domain/guard.ts';
import { parseCatalogEntry } from '../../functions/domain/runbook-catalog.ts';
import { AwsError } from '../../sandbox/aws.ts';
import type { RehearsedRunbook } from '../rehearsed-runbook.ts';
import { freezeOffsetHours, maintenanceOffsetHours, rehearsalCalendar } from './guard-config.ts';
import type { GuardFacts, GuardScenario, TableItem } from './guard-scene.ts';

/** What the guard asks AWS of a group, one call for each kind. */
const groupReads = ['DescribeAutoScalingGroups', 'DescribeServices', 'DescribeTargetHealth'];
const globalSwitch = '/handsoff/kill-switch/global';

/** Every reason for which the guard says no, with at least one scenario for each guard in functions/domain/guard.ts. */
export const guardScenarios: readonly GuardScenario[] = [
  {
    name: 'the global kill switch is on',
    guard: 'kill-switch',
    answer: 'kill-switch',
    parameters: () => ({ [globalSwitch]: 'on' }),
    inFull: true,
  },
  {
    name: 'its own kill switch is on',
    guard: 'kill-switch',
    answer: 'kill-switch',
    parameters: (facts) => ({ [ownSwitch(facts)]: 'on' }),
  },
  {
    name: 'a kill switch says neither on nor off',
    guard: 'kill-switch',
    answer: 'kill-switch',
    parameters: () => ({ [globalSwitch]: '?' }),
  },
  { name: 'much else breaks at once', guard: 'storm', answer: 'storm', items: stormItems },
  {
    name: 'the incident is resolved meanwhile',
    guard: 'incident',
    answer: 'already-resolved',
    incident: { status: 'resolved' },
    isQuiet: true,
  },
  {
    name: 'the incident is not known',
    guard: 'incident',
    answer: 'unknown-incident',
    request: (request) => ({ ...request, incident_id: `${request.incident_id}-another` }),
  },
  {
    name: 'the incident had its repair before',
    guard: 'incident',
    answer: 'already-remediated',
    incident: { remediation: 'not-helped' },
  },
  {
    name: 'the catalog has the entry of another runbook',
    guard: 'catalog',
    answer: 'unknown-runbook',
    parameters: (facts) => ({ [catalogName(facts)]: editCatalog(facts, { id: 'another' }) }),
  },
  {
    name: 'the deployed catalog was edited',
    guard: 'certificate',
    answer: 'uncertified',
    parameters: (facts) => ({ [catalogName(facts)]: editCatalog(facts, { title: 'Something else' }) }),
  },
  {
    name: 'a parameter carries a command of its own',
    guard: 'parameters',
    answer: 'bad-parameters',
    fits: ({ manifest }) => Object.keys(manifest.remediation?.parameters ?? {}).length > 0,
    request: ({ parameters, ...request }) => ({ ...request, parameters: withCommand(parameters) }),
  },
  {
    name: 'it asks for another target than the alert is about',
    guard: 'target',
    answer: 'wrong-target',
    request: (request) => ({ ...request, target: `${request.target}-another` }),
  },
  {
    name: 'somebody else than AWS sent the alarm',
    guard: 'mode',
    answer: 'propose',
    incident: { mode: 'observe' },
    inFull: true,
  },
  {
    name: 'nobody can be asked',
    guard: 'mode',
    answer: 'nobody-to-ask',
    fits: asksFirst,
    items: (facts) => [approvalItem(facts, { status: 'pending' })],
    breaks: ({ service, operation }) =>
      service === 'secrets-manager' && operation === 'GetSecretValue'
        ? (answer) => ({ ...answer, SecretString: '{}' })
        : undefined,
  },
  {
    name: 'an approver has refused it',
    guard: 'mode',
    answer: 'approval-refused',
    fits: asksFirst,
    items: (facts) => [approvalItem(facts, { status: 'refused' })],
  },
  {
    name: 'the approval has expired',
    guard: 'mode',
    answer: 'approval-expired',
    fits: asksFirst,
    items: (facts) => [approvalItem(facts, { status: 'approved', expires_at: facts.now.toISOString() })],
  },
  {
    name: 'the approval was used before',
    guard: 'mode',
    answer: 'approval-invalid',
    fits: asksFirst,
    items: (facts) => [approvalItem(facts, { status: 'used' })],
  },
  {
    name: 'somebody who may not has approved it',
    guard: 'mode',
    answer: 'approval-invalid',
    fits: asksFirst,
    items: (facts) => [approvalItem(facts, { status: 'approved', decided_by: 'slack:U0NOAPPROVER' })],
  },
  { name: 'another incident holds the target', guard: 'claim', answer: 'lease-held', items: leaseItems },
  { name: 'the budget of the hour is spent', guard: 'claim', answer: 'budget-spent', items: budgetItems },
  { name: 'the target was repaired too often', guard: 'claim', answer: 'target-limit', items: targetItems },
  { name: 'it has failed too often in a row', guard: 'breaker', answer: 'breaker', items: breakerItems },
  {
    name: 'a change calendar is closed',
    guard: 'change-calendar',
    answer: 'change-freeze',
    answers: [{ call: 'ssm:GetCalendarState', output: { State: 'CLOSED' } }],
  },
  {
    name: 'a change calendar cannot be read',
    guard: 'change-calendar',
    answer: 'change-freeze',
    breaks: ({ service, operation }) =>
      service === 'ssm' && operation === 'GetCalendarState'
        ? new AwsError('InvalidDocument', `There is no calendar ${rehearsalCalendar}.`)
        : undefined,
  },
  { name: 'changes are frozen', guard: 'change-calendar', answer: 'change-freeze', offsetHours: freezeOffsetHours },
  {
    name: 'the target is in maintenance',
    guard: 'maintenance',
    answer: 'maintenance',
    offsetHours: maintenanceOffsetHours,
  },
  {
    name: 'AWS does not tell how large the group is',
    guard: 'share',
    answer: 'share-unknown',
    fits: ({ manifest }) => manifest.guards?.share !== undefined,
    breaks: ({ operation }) => (groupReads.includes(operation) ? new AwsError('AccessDenied', 'Not now.') : undefined),
  },
  {
    name: 'as much of the group is in repair as may be',
    guard: 'claim',
    answer: 'busy',
    fits: ({ manifest }) => manifest.guards?.share !== undefined,
    items: ({ groups, now }) => groups.map((group) => slotItem(group, now)),
  },
  {
    name: 'as many automations run as may',
    guard: 'claim',
    answer: 'busy',
    items: ({ now }) => [slotItem('automations', now)],
    inFull: true,
  },
];

function ownSwitch({ runbook }: GuardFacts): string {
  return `/handsoff/kill-switch/${runbook.id}`;
}

function catalogName({ runbook }: GuardFacts): string {
  return `/handsoff/runbooks/${runbook.id}`;
}

function editCatalog({ catalog }: GuardFacts, change: object): string {
  return JSON.stringify({ ...JSON.parse(catalog), ...change });
}

function withCommand(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, `${value}; echo`]));
}

function stormItems({ now }: GuardFacts): TableItem[] {
  return [{ pk: `RATE#${Math.floor(now.getTime() / 60_000)}`, sk: 'RATE', troubles: 10_000 }];
}

function asksFirst({ manifest }: RehearsedRunbook): boolean {
  return manifest.mode === 'approve';
}

/** The question whether this very repair may be made, in time and answered by one who may, but for `change`. */
function approvalItem(
  { catalog, request, revision, now }: GuardFacts,
  change: Pick<Approval, 'status'> & Partial<Approval>,
): TableItem {
  const entry = parseCatalogEntry(catalog);
  if (!entry) throw new Error('The catalog has no entry of a runbook.');
  const id = requestHashOf(request, entry, revision);
  const approvers = entry.approval?.approvers ?? [];
  const approval: Approval = {
    id,
    incident_id: request.incident_id,
    approvers,
    asked_by: `runbook:${request.runbook}`,
    expires_at: new Date(now.getTime() + 600_000).toISOString(),
    parameters_hash: id,
    ...(change.status !== 'pending' && { decided_by: `slack:${approvers[0]}` }),
    ...change,
  };
  return { pk: `APPROVAL#${id}`, sk: 'APPROVAL', ...approval };
}

function leaseItems({ request, now }: GuardFacts): TableItem[] {
  const lease = { holder: 'inc-another', execution: 'another', expires_at_epoch: epoch(now) + 3600 };
  return [{ pk: `LEASE#${request.target}`, sk: 'LEASE', ...lease }];
}

function budgetItems({ runbook, now }: GuardFacts): TableItem[] {
  const count = runbook.manifest.guards?.budget_per_hour ?? 0;
  return [{ pk: `BUDGET#${runbook.id}`, sk: 'BUDGET', begun: begunByOthers(count, now), version: 1 }];
}

function targetItems({ runbook, request, now }: GuardFacts): TableItem[] {
  const count = runbook.manifest.guards?.target_limit ?? 0;
  return [{ pk: `TARGET#${request.target}`, sk: 'TARGET', begun: begunByOthers(count, now), version: 1 }];
}

function breakerItems({ runbook, revision, now }: GuardFacts): TableItem[] {
  const count = runbook.manifest.guards?.breaker ?? 0;
  const failures = begunByOthers(count, now);
  return [{ pk: `BREAKER#${runbook.id}`, sk: 'BREAKER', revision, failures, version: 1 }];
}

/** More than any cap lets through: SSM itself runs 100 automations at once. */
const manySlots = 128;

function slotItem(name: string, now: Date): TableItem {
  const until = epoch(now) + 7200;
  const holders = Array.from({ length: manySlots }, (_, index) => ({ incident: `inc-other-${index}`, until }));
  return { pk: `SLOTS#${name}`, sk: 'SLOTS', holders, version: 1 };
}

function begunByOthers(count: number, now: Date): { incident: string; at: string }[] {
  const at = new Date(now.getTime() - 60_000).toISOString();
  return Array.from({ length: count }, (_, index) => ({ incident: `inc-other-${index}`, at }));
}

function epoch(now: Date): number {
  return Math.floor(now.getTime() / 1000);
}
