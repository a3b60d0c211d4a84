import type { Incident } from '../domain/incident.ts';
import type { IncidentTable, Item, ItemKey, Write } from './dynamodb-table.ts';
import { changeWrites, type IncidentChange } from './incident-store.ts';

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
}

/** Who holds a target, and until when (ISO 8601). */
export interface Lease {
  readonly holder: string;
  readonly expires_at: string;
}

/** `conflict`: somebody else wrote the incident or a tally; look again. */
export type ClaimOutcome = 'claimed' | 'lease-held' | 'budget-spent' | 'target-limit' | 'conflict';

/** What began within a sliding window: one row a tally, which only grows by what the limit lets through. */
interface Tally {
  readonly key: ItemKey;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Leases on targets, budgets of runbooks and limits of targets: what a remediation must hold before it may change anything. */
export class RemediationStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** Takes the lease, counts the repair and records the change of the incident: all or nothing. */
  async claim(claim: Claim, change: IncidentChange, now: Date): Promise<ClaimOutcome> {
    const [budget, target] = await Promise.all([
      this.#tallyWrite(budgetOf(claim), claim.incident.id, now),
      this.#tallyWrite(targetTallyOf(claim), claim.incident.id, now),
    ]);
    if (!budget) return 'budget-spent';
    if (!target) return 'target-limit';
    const writes = [leaseWrite(claim, now), budget, target, ...changeWrites(claim.incident, change, now)];
    const failed = await this.#table.write(writes);
    if (failed.length === 0) return 'claimed';
    return failed.length === 1 && failed[0] === 0 ? 'lease-held' : 'conflict';
  }

  /** Gives the lease back if this incident still holds it. Giving it back twice is a no-op. */
  async release(incidentId: string, target: string): Promise<void> {
    await this.#table.write([
      { delete: leaseKeyOf(target), condition: '#holder = :holder', values: { ':holder': incidentId } },
    ]);
  }

  /** Who holds a target now, or undefined when nobody does. A lease may have expired and still be there. */
  async readLease(target: string): Promise<Lease | undefined> {
    const { holder, expires_at_epoch } = (await this.#table.get(leaseKeyOf(target))) ?? {};
    if (typeof holder !== 'string' || typeof expires_at_epoch !== 'number') return undefined;
    return { holder, expires_at: new Date(expires_at_epoch * 1000).toISOString() };
  }

  /** Undefined when other incidents have used up what may begin within the window that ends now. */
  async #tallyWrite({ key, limit, windowSeconds }: Tally, incidentId: string, now: Date): Promise<Write | undefined> {
    const item = await this.#table.get(key);
    const since = new Date(now.getTime() - windowSeconds * 1000).toISOString();
    const others = begunIn(item).filter(({ incident, at }) => incident !== incidentId && at > since);
    if (others.length >= limit) return undefined;
    const put = {
      ...key,
      begun: [...others, { incident: incidentId, at: now.toISOString() }],
      version: Number(item?.['version'] ?? 0) + 1,
      ...expiry(now, windowSeconds),
    };
    if (!item) return { put, condition: 'attribute_not_exists(#pk)' };
    return { put, condition: '#version = :version', values: { ':version': item['version'] } };
  }
}

function budgetOf({ runbook, budgetPerHour }: Claim): Tally {
  return { key: { pk: `BUDGET#${runbook}`, sk: 'BUDGET' }, limit: budgetPerHour, windowSeconds: 3600 };
}

function targetTallyOf({ target, targetLimit }: Claim): Tally {
  return { key: { pk: `TARGET#${target}`, sk: 'TARGET' }, limit: targetLimit, windowSeconds: 24 * 3600 };
}

function begunIn(item: Item | undefined): { incident: string; at: string }[] {
  const begun: unknown = item?.['begun'];
  return Array.isArray(begun) ? begun.map(({ incident, at }) => ({ incident: String(incident), at: String(at) })) : [];
}

function leaseWrite({ incident, target, leaseSeconds }: Claim, now: Date): Write {
  const nowEpoch = Math.floor(now.getTime() / 1000);
  return {
    put: { ...leaseKeyOf(target), holder: incident.id, ...expiry(now, leaseSeconds) },
    condition: 'attribute_not_exists(#pk) OR #expires_at_epoch < :now OR #holder = :holder',
    values: { ':now': nowEpoch, ':holder': incident.id },
  };
}

function leaseKeyOf(target: string) {
  return { pk: `LEASE#${target}`, sk: 'LEASE' };
}

function expiry(now: Date, seconds: number) {
  return { expires_at_epoch: Math.floor(now.getTime() / 1000) + seconds };
}
