import type { Alert } from '../domain/alert.ts';
import type { Approval } from '../domain/approval.ts';
import type { Incident, NewEntry, TimelineChange, TimelineEntry } from '../domain/incident.ts';
import type { IncidentTable, Item, ItemKey, Write } from './dynamodb-table.ts';
import { stormKeyOf } from './storm-watch.ts';
import { expiryOf } from './expiry.ts';

/** What happened to an incident: the line of its timeline, and the fields that it changes. */
export interface IncidentChange extends TimelineChange {
  /** What is written with it, or not at all. */
  readonly beside?: readonly Write[];
}

/** `recorded`: written. `already`: that entry stands there. `refused`: the change does not apply any more. */
export type RecordOutcome = 'recorded' | 'already' | 'refused';

/** How often a change is decided again when another writer was quicker, before the function fails and is retried. */
const maxAttempts = 20;

/**
 * Incidents and their timelines. Every change is one transaction of the incident's row (guarded by its version) and
 * one new entry, so that the timeline is complete and the table's stream tells of everything exactly once.
 */
export class IncidentStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** The incident alone, or undefined when there is none of that id. */
  async readIncident(incidentId: string): Promise<Incident | undefined> {
    const item = await this.#table.get(incidentKeyOf(incidentId));
    return item && incidentOf(item);
  }

  /** The incidents of these ids, in one request; undefined for no id, and for one that there is none of. */
  async readIncidents(ids: readonly (string | undefined)[]): Promise<(Incident | undefined)[]> {
    const known = ids.filter((id) => id !== undefined);
    const items = await this.#table.getAll(known.map(incidentKeyOf));
    const byId = new Map(known.map((id, index) => [id, items[index]]));
    return ids.map((id) => {
      const item = id === undefined ? undefined : byId.get(id);
      return item && incidentOf(item);
    });
  }

  /** The incident of the newest storm that takes in an alert like this, if there ever was one. */
  async readStorm(alert: Alert): Promise<Incident | undefined> {
    const pointer = await this.#table.get(stormKeyOf(alert));
    return typeof pointer?.['incident_id'] === 'string' ? this.readIncident(pointer['incident_id']) : undefined;
  }

  /** The incident and its timeline in order, or undefined when there is none of that id. */
  async read(incidentId: string): Promise<{ incident: Incident; timeline: TimelineEntry[] } | undefined> {
    // The lines of the timeline sort before the incident, and nothing lies between them.
    const { pk, sk } = incidentKeyOf(incidentId);
    const items = await this.#table.queryBetween(pk, 'ENTRY#', sk);
    const incident = items.find((item) => item['sk'] === sk);
    const timeline = items.filter((item) => item !== incident).map(entryOf);
    return incident && { incident: incidentOf(incident), timeline: timeline.sort((a, b) => a.seq - b.seq) };
  }

  /** The alerts of an incident that many belong to, and that still fire. */
  async alertsFiring(incidentId: string): Promise<readonly Alert[]> {
    return (await this.#table.query(`INCIDENT#${incidentId}`, 'MEMBER#FIRING#')).map(({ alert }) => alert as Alert);
  }

  /** Whether any alert of an incident that many belong to still fires. */
  async isAnyFiring(incidentId: string): Promise<boolean> {
    return this.#table.hasAny(`INCIDENT#${incidentId}`, 'MEMBER#FIRING#');
  }

  /**
   * Applies a change that is decided from the newest state, and decided again when somebody else wrote meanwhile.
   * `change` answers undefined when nothing applies any more. `known` is the incident as it was read just before, and spares
   * a read where nobody wrote since. Throws when the incident is unknown.
   */
  async record(
    incidentId: string,
    change: (current: Incident) => IncidentChange | undefined | Promise<IncidentChange | undefined>,
    now: Date,
    known?: Incident,
  ): Promise<RecordOutcome> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const current = attempt === 0 && known ? known : await this.readIncident(incidentId);
      if (!current) throw new UnknownIncidentError(incidentId);
      const wanted = await change(current);
      if (!wanted) return 'refused';
      const failed = await this.#table.write(changeWrites(current, wanted, now));
      if (failed.length === 0) return 'recorded';
      if (await this.#hasEntry(incidentId, wanted.entry.id)) return 'already';
    }
    throw new Error(`Incident ${incidentId} changed ${maxAttempts} times while one change was tried; try again later.`);
  }

  async #hasEntry(incidentId: string, entryId: string): Promise<boolean> {
    return (await this.#table.get({ pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${entryId}` })) !== undefined;
  }

  /** What was asked of a person, by the opaque id that its button carries. */
  async readApproval(id: string): Promise<Approval | undefined> {
    const item = await this.#table.get(approvalKeyOf(id));
    return item && (stripKeys(item) as unknown as Approval);
  }

  /** Stores a question to a person; a repeated question with the same id changes nothing. */
  async createApproval(approval: Approval): Promise<void> {
    const put = { ...approvalKeyOf(approval.id), ...approval, ...keptFrom(new Date(approval.expires_at)) };
    await this.#table.write([{ put, condition: 'attribute_not_exists(#pk)' }]);
  }

  /**
   * Uses an approval up. Answers false when it was no longer pending: each can be used once. Where only the answer to this
   * very write got lost, and the SDK has tried once more, it was this that used it up.
   */
  async settleApproval(id: string, decision: 'approved' | 'refused', by: string, now: Date): Promise<boolean> {
    const approval = await this.readApproval(id);
    if (!approval) return false;
    const decided = { status: decision, decided_by: by, decided_at: now.toISOString() };
    const put = { ...approvalKeyOf(id), ...approval, ...decided, ...keptFrom(new Date(approval.expires_at)) };
    const condition =
      '#status = :pending OR (#status = :status AND #decided_by = :decided_by AND #decided_at = :decided_at)';
    const values = Object.fromEntries(Object.entries(decided).map(([name, value]) => [`:${name}`, value]));
    const failed = await this.#table.write([{ put, condition, values: { ':pending': 'pending', ...values } }]);
    return failed.length === 0;
  }
}

/** An alert of an incident that many belong to. */
export interface Member {
  readonly firing: boolean;
  readonly alert: Alert;
}

/**
 * Makes an alert a member of an incident, or says that it has cleared. Never waits for another member's write. Those that
 * fire have keys of their own, so that one read tells whether any is left.
 */
export function memberWrites(incidentId: string, alert: Alert, firing: boolean, now: Date): Write[] {
  const key = (state: 'FIRING' | 'CLEAR') => ({
    pk: `INCIDENT#${incidentId}`,
    sk: `MEMBER#${state}#${alert.dedup_key}`,
  });
  const [is, was] = firing ? (['FIRING', 'CLEAR'] as const) : (['CLEAR', 'FIRING'] as const);
  return [{ put: { ...key(is), firing, alert, ...keptFrom(now) } }, { delete: key(was) }];
}

/** Raised when an id names no incident: a wiring fault, never a reason to write. */
export class UnknownIncidentError extends Error {
  override readonly name = 'UnknownIncidentError' as const;

  constructor(incidentId: string) {
    super(`There is no incident ${incidentId} in the table; it may have expired or the id is wrong.`);
  }
}

/** The writes of one change: the incident's new row first, then its new entry, then what is written beside. */
export function changeWrites(current: Incident, change: IncidentChange, now: Date): Write[] {
  const { entry, beside = [] } = change;
  const next = incidentAfter(current, change);
  return [
    { put: incidentItem(next, now), condition: '#version = :version', values: { ':version': current.version } },
    entryWrite(current.id, { ...entry, seq: next.version, at: now.toISOString() }),
    ...beside,
  ];
}

/** The incident once a change of it is written. */
export function incidentAfter(current: Incident, { patch }: Pick<IncidentChange, 'patch'>): Incident {
  return { ...current, ...patch, version: current.version + 1 };
}

/** The writes that open an incident: its first row and its first entry, neither of which may exist. */
export function openingWrites(incident: Incident, entry: NewEntry, now: Date): Write[] {
  return [
    { put: incidentItem(incident, now), condition: 'attribute_not_exists(#pk)' },
    entryWrite(incident.id, { ...entry, seq: incident.version, at: now.toISOString() }),
  ];
}

/** How long an incident is kept after it last changed, in seconds: for the review of a year ago. */
const keepForSeconds = 400 * 24 * 3600;

/** The write that uses an approval up: it counts for one repair alone. */
export function useApprovalWrite(approval: Approval): Write {
  const put = {
    ...approvalKeyOf(approval.id),
    ...approval,
    status: 'used',
    ...keptFrom(new Date(approval.expires_at)),
  };
  return { put, condition: '#status = :approved', values: { ':approved': 'approved' } };
}

function keptFrom(at: Date): { expires_at_epoch: number } {
  return { expires_at_epoch: expiryOf(at, keepForSeconds) };
}

function entryWrite(incidentId: string, entry: TimelineEntry): Write {
  const key = { pk: `INCIDENT#${incidentId}`, sk: `ENTRY#${entry.id}` };
  const put = { ...key, incident_id: incidentId, ...entry, ...keptFrom(new Date(entry.at)) };
  return { put, condition: 'attribute_not_exists(#pk)' };
}

/** Where an incident is kept. */
export function incidentKeyOf(incidentId: string): ItemKey {
  return { pk: `INCIDENT#${incidentId}`, sk: 'INCIDENT' };
}

function incidentItem(incident: Incident, now: Date) {
  return { ...incidentKeyOf(incident.id), ...incident, ...keptFrom(now) };
}

function approvalKeyOf(id: string) {
  return { pk: `APPROVAL#${id}`, sk: 'APPROVAL' };
}

function stripKeys({ pk: _pk, sk: _sk, expires_at_epoch: _expires, ...rest }: Item): Item {
  return rest;
}

/** The incident that an item holds. */
export function incidentOf(item: Item): Incident {
  return stripKeys(item) as unknown as Incident;
}

function entryOf(item: Item): TimelineEntry {
  const { incident_id: _incident, ...entry } = stripKeys(item);
  return entry as unknown as TimelineEntry;
}
