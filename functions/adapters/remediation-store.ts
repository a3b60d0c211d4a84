import type { Incident } from '../domain/incident.ts';
import type { IncidentTable, Write } from './dynamodb-table.ts';
import { changeWrites, type IncidentChange } from './incident-store.ts';

/** Who holds a target, until when, and how much of an hour's budget a runbook may spend. */
export interface Claim {
  /** The incident that changes the target. */
  readonly incident: Incident;
  readonly runbook: string;
  readonly target: string;
  /** Seconds after which a lease is free again even if nobody gave it back. */
  readonly leaseSeconds: number;
  /** How many remediations of this runbook may begin within one clock hour. */
  readonly budgetPerHour: number;
}

/** `conflict`: somebody else wrote the incident or the budget; look again. */
export type ClaimOutcome = 'claimed' | 'lease-held' | 'budget-spent' | 'conflict';

/** Leases on targets and hourly budgets: what a remediation must hold before it may change anything. */
export class RemediationStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** Takes the lease, spends the budget and records the change of the incident: all or nothing. */
  async claim(claim: Claim, change: IncidentChange, now: Date): Promise<ClaimOutcome> {
    const budget = await this.#budgetWrite(claim, now);
    if (!budget) return 'budget-spent';
    const writes = [leaseWrite(claim, now), budget, ...changeWrites(claim.incident, change, now)];
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

  /** Undefined when the hour's budget is spent by other incidents. */
  async #budgetWrite({ runbook, incident, budgetPerHour }: Claim, now: Date): Promise<Write | undefined> {
    const key = { pk: `BUDGET#${runbook}`, sk: now.toISOString().slice(0, 13) };
    const item = await this.#table.get(key);
    const spent = Array.isArray(item?.['incidents']) ? item['incidents'].map(String) : [];
    const others = spent.filter((id) => id !== incident.id);
    if (others.length >= budgetPerHour) return undefined;
    const put = {
      ...key,
      incidents: [...others, incident.id],
      version: Number(item?.['version'] ?? 0) + 1,
      ...expiry(now, 7200),
    };
    if (!item) return { put, condition: 'attribute_not_exists(#pk)' };
    return { put, condition: '#version = :version', values: { ':version': item['version'] } };
  }
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
