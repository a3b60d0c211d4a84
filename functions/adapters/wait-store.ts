import type { AutomationStep, WaitKind } from '../domain/waits.ts';
import type { IncidentTable, Item, ItemKey } from './dynamodb-table.ts';
import { expiryOf } from './expiry.ts';

/** A stored task token and what it belongs to. Tokens stay in the table: they are never logged, shown or sent on. */
export interface Wait {
  readonly token: string;
  readonly incident_id: string;
  /** For a wait on SSM: the execution or command that ends it. Without it, an automation may have been started. */
  readonly execution_id?: string;
  /** The newest line of the incident when it was stored: no line up to that one ends it. */
  readonly since?: number;
}

/** What SSM was asked to do and will report on by its own id. */
export type RemoteKind = 'AUTOMATION' | 'COMMAND';

/** Task tokens under their incident (one of a kind at a time), or under the SSM execution that will end them. */
export class WaitStore {
  readonly #table: IncidentTable;

  constructor(table: IncidentTable) {
    this.#table = table;
  }

  /** Stores the token of a wait; a retried task brings a new token, which takes the old one's place. */
  async store(
    kind: WaitKind | `automation-${AutomationStep}`,
    wait: Wait,
    timeoutSeconds: number,
    now: Date,
  ): Promise<void> {
    await this.#put(waitKeyOf(wait.incident_id, kind), wait, timeoutSeconds, now);
  }

  async find(incidentId: string, kind: WaitKind | `automation-${AutomationStep}`): Promise<Wait | undefined> {
    return waitOf(await this.#table.get(waitKeyOf(incidentId, kind)));
  }

  /** The waits of some kinds, in one request. */
  async findAll(incidentId: string, kinds: readonly WaitKind[]): Promise<(Wait | undefined)[]> {
    const items = await this.#table.getAll(kinds.map((kind) => waitKeyOf(incidentId, kind)));
    return items.map(waitOf);
  }

  /** Removes a wait, unless another token has taken its place. */
  async remove(incidentId: string, kind: WaitKind | `automation-${AutomationStep}`, token: string): Promise<void> {
    const condition = { condition: '#token = :token', values: { ':token': token } };
    await this.#table.write([{ delete: waitKeyOf(incidentId, kind), ...condition }]);
  }

  /** Stores the token under what SSM will report on. */
  async storeRemote(
    kind: RemoteKind,
    wait: Wait & { readonly execution_id: string },
    timeoutSeconds: number,
    now: Date,
  ): Promise<void> {
    await this.#put(remoteKeyOf(kind, wait.execution_id), wait, timeoutSeconds, now);
  }

  async findRemote(kind: RemoteKind, executionId: string): Promise<Wait | undefined> {
    return waitOf(await this.#table.get(remoteKeyOf(kind, executionId)));
  }

  async removeRemote(kind: RemoteKind, executionId: string): Promise<void> {
    await this.#table.write([{ delete: remoteKeyOf(kind, executionId) }]);
  }

  async #put(key: ItemKey, wait: Wait, timeoutSeconds: number, now: Date): Promise<void> {
    const expires_at_epoch = expiryOf(now, timeoutSeconds + 24 * 3600);
    await this.#table.write([{ put: { ...key, ...wait, expires_at_epoch } }]);
  }
}

/** Where the wait of a kind is kept under its incident. */
export function waitKeyOf(incidentId: string, kind: string): ItemKey {
  return { pk: `INCIDENT#${incidentId}`, sk: `WAIT#${kind}` };
}

function remoteKeyOf(kind: RemoteKind, executionId: string): ItemKey {
  return { pk: `${kind}#${executionId}`, sk: kind };
}

/** The wait that an item holds; undefined where there is none. */
export function waitOf(item: Item | undefined): Wait | undefined {
  const { token, incident_id, execution_id, since } = item ?? {};
  if (typeof token !== 'string' || typeof incident_id !== 'string') return undefined;
  return {
    token,
    incident_id,
    ...(typeof execution_id === 'string' && { execution_id }),
    ...(typeof since === 'number' && { since }),
  };
}
