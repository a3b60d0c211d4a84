import { setTimeout as sleepMs } from 'node:timers/promises';
import type { Incident } from '../domain/incident.ts';
import { type IncidentTable, type Item, type ItemKey, versionedPut, type Write } from './dynamodb-table.ts';
import type { Approval } from '../domain/approval.ts';
import { changeWrites, type IncidentChange, useApprovalWrite } from './incident-store.ts';
import { automationSlots, freeSlotWrite, type SlotKind, slotsKeyOf, takeSlotWrite } from './slot-store.ts';
import { expiryOf } from './expiry.ts';

/** Who holds a target, until when, and how many repairs may begin. */
export interface Claim {
  /** The incident that changes the target. */
  readonly incident: Incident;
  readonly runbook: string;
  readonly target: string;
  /** Seconds after which a lease is free again even if nobody gave it back. */
  readonly leaseSeconds: number;
  /** How many remediations of this runbook may begin within any 60 minutes. */
  readonly budgetPerHour: number;
  /** How many remediations of this target may begin within any 24 hours. */
  readonly targetLimit: number;
  /** ARN of the execution that asks: it may ask again, when the answer got lost. */
  readonly execution: string;
  /** How many automations may be in flight at once. */
  readonly automationsInFlight: number;
  /** How many members of the target's group may be in repair at once; undefined where nothing limits it. */
  readonly share: SlotKind | undefined;
  /** What was approved, and is used up by this. */
  readonly approval: Approval | undefined;
}

/** Who holds a target, and until when (ISO 8601). */
export interface Lease {
  readonly holder: string;
  /** ARN of the execution that took it for the holder. */
  readonly execution: string;
  /** The group in which it counts, if any. */
  readonly group?: string;
  readonly expires_at: string;
}

/** How what a repair held is given back. */
export interface Release {
  /** The lease as it was read just before. @default - it is read */
  readonly lease?: Lease | undefined;
  /** The runbook, where nothing was begun after all: then it counts neither for its budget nor for its target's limit. */
  readonly uncounted?: string;
}

/** `conflict`: somebody else wrote the incident or a tally; look again. `share-taken` and `automations-full` pass by themselves. */
export type ClaimOutcome =
  | 'claimed'
  | 'lease-held'
  | 'budget-spent'
  | 'target-limit'
  | 'share-taken'
  | 'automations-full'
  | 'conflict';

/** How often what a repair held is given back anew when another writer was quicker, before the function fails and is retried. */
const maxReleaseAttempts = 20;
const maxPauseMs = 100;

/** What began within a sliding window: one row a tally, which only grows by what the limit lets through. */
interface Tally {
  readonly key: ItemKey;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Leases on targets, budgets of runbooks, limits of targets, shares of groups and slots for automations: what a remediation must hold before it may change anything. */
export class RemediationStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** Takes the lease and the slots, counts the repair and records the change of the incident: all or nothing. */
  async claim(claim: Claim, change: IncidentChange, now: Date): Promise<ClaimOutcome> {
    const tallies = [budgetOf(claim), targetTallyOf(claim)] as const;
    const kinds = slotKindsOf(claim);
    const keys = [...tallies.map(({ key }) => key), ...kinds.map(({ name }) => slotsKeyOf(name))];
    const [budgetItem, targetItem, ...slotItems] = await this.#table.getAll(keys);
    const budget = tallyWrite(tallies[0], budgetItem, claim.incident.id, now);
    if (!budget) return 'budget-spent';
    const target = tallyWrite(tallies[1], targetItem, claim.incident.id, now);
    if (!target) return 'target-limit';
    const until = expiryOf(now, claim.leaseSeconds);
    const slots: Write[] = [];
    for (const [index, kind] of kinds.entries()) {
      const slot = takeSlotWrite(slotItems[index], kind, claim.incident.id, until, now);
      if (!slot) return kind.name === automationSlots ? 'automations-full' : 'share-taken';
      slots.push(slot);
    }
    const approval = claim.approval ? [useApprovalWrite(claim.approval)] : [];
    const writes = [
      leaseWrite(claim, now),
      budget,
      target,
      ...slots,
      ...approval,
      ...changeWrites(claim.incident, change, now),
    ];
    const failed = await this.#table.write(writes);
    if (failed.length === 0) return 'claimed';
    return failed.length === 1 && failed[0] === 0 ? 'lease-held' : 'conflict';
  }

  /**
   * Gives the lease and the slots back, in one transaction, if this incident still holds the lease; whatever it held
   * beside a lease that has expired has expired with it. Giving back twice is a no-op.
   */
  async release(incidentId: string, target: string, { lease: known, uncounted }: Release = {}): Promise<void> {
    for (let attempt = 0; attempt < maxReleaseAttempts; attempt++) {
      const lease = attempt === 0 && known ? known : await this.readLease(target);
      if (lease?.holder !== incidentId) return;
      const names = [automationSlots, ...(lease.group ? [lease.group] : [])];
      const tallies = uncounted === undefined ? [] : [budgetKeyOf(uncounted), targetTallyKeyOf(target)];
      const held = await this.#table.getAll([...names.map(slotsKeyOf), ...tallies]);
      const slots = names.map((name, index) => freeSlotWrite(held[index], name, incidentId));
      const counts = tallies.map((key, index) => uncountWrite(key, held[names.length + index], incidentId));
      const given = { delete: leaseKeyOf(target), condition: '#holder = :holder', values: { ':holder': incidentId } };
      const failed = await this.#table.write([given, ...[...slots, ...counts].filter((write) => write !== undefined)]);
      if (failed.length === 0) return;
      // Whoever lost a race against many would lose the next one as well, if all of them tried again at once.
      await sleepMs(Math.random() * Math.min(maxPauseMs, 2 ** attempt));
    }
    throw new Error(
      `What ${incidentId} held could not be given back: others wrote ${maxReleaseAttempts} times meanwhile.`,
    );
  }

  /** Who holds a target now, or undefined when nobody does. A lease may have expired and still be there. */
  async readLease(target: string): Promise<Lease | undefined> {
    return leaseOf(await this.#table.get(leaseKeyOf(target)));
  }
}

/** Takes an incident out of what has begun; undefined where it is not in it. */
function uncountWrite(key: ItemKey, item: Item | undefined, incidentId: string): Write | undefined {
  const begun = begunIn(item);
  const others = begun.filter(({ incident }) => incident !== incidentId);
  return others.length < begun.length ? versionedPut(item, { ...item, ...key, begun: others }) : undefined;
}

/** Undefined when other incidents have used up what may begin within the window that ends now. */
function tallyWrite(
  { key, limit, windowSeconds }: Tally,
  item: Item | undefined,
  incidentId: string,
  now: Date,
): Write | undefined {
  const since = new Date(now.getTime() - windowSeconds * 1000).toISOString();
  const others = begunIn(item).filter(({ incident, at }) => incident !== incidentId && at > since);
  if (others.length >= limit) return undefined;
  const begun = [...others, { incident: incidentId, at: now.toISOString() }];
  return versionedPut(item, { ...key, begun, expires_at_epoch: expiryOf(now, windowSeconds) });
}

/** A slot in the target's group, where there is one, and one among all automations. */
function slotKindsOf({ share, automationsInFlight }: Claim): SlotKind[] {
  return [...(share ? [share] : []), { name: automationSlots, cap: automationsInFlight }];
}

/** The lease that an item holds; undefined where nobody holds the target. */
export function leaseOf(item: Item | undefined): Lease | undefined {
  const { holder, execution, group, expires_at_epoch } = item ?? {};
  if (typeof holder !== 'string' || typeof expires_at_epoch !== 'number') return undefined;
  return {
    holder,
    execution: typeof execution === 'string' ? execution : '',
    ...(typeof group === 'string' && { group }),
    expires_at: new Date(expires_at_epoch * 1000).toISOString(),
  };
}

function budgetOf({ runbook, budgetPerHour }: Claim): Tally {
  return { key: budgetKeyOf(runbook), limit: budgetPerHour, windowSeconds: 3600 };
}

function targetTallyOf({ target, targetLimit }: Claim): Tally {
  return { key: targetTallyKeyOf(target), limit: targetLimit, windowSeconds: 24 * 3600 };
}

function budgetKeyOf(runbook: string): ItemKey {
  return { pk: `BUDGET#${runbook}`, sk: 'BUDGET' };
}

function targetTallyKeyOf(target: string): ItemKey {
  return { pk: `TARGET#${target}`, sk: 'TARGET' };
}

function begunIn(item: Item | undefined): { incident: string; at: string }[] {
  const begun: unknown = item?.['begun'];
  return Array.isArray(begun) ? begun.map(({ incident, at }) => ({ incident: String(incident), at: String(at) })) : [];
}

function leaseWrite({ incident, target, leaseSeconds, execution, share }: Claim, now: Date): Write {
  const nowEpoch = Math.floor(now.getTime() / 1000);
  return {
    put: {
      ...leaseKeyOf(target),
      holder: incident.id,
      execution,
      ...(share && { group: share.name }),
      expires_at_epoch: expiryOf(now, leaseSeconds),
    },
    condition: 'attribute_not_exists(#pk) OR #expires_at_epoch < :now OR #holder = :holder',
    values: { ':now': nowEpoch, ':holder': incident.id },
  };
}

/** Where the lease on a target is kept. */
export function leaseKeyOf(target: string): ItemKey {
  return { pk: `LEASE#${target}`, sk: 'LEASE' };
}
