import type { Breaker } from '../domain/breaker.ts';
import type { Incident } from '../domain/incident.ts';
import { breakerKeyOf, breakerOf } from './breaker-store.ts';
import type { IncidentTable } from './dynamodb-table.ts';
import { incidentKeyOf, incidentOf } from './incident-store.ts';
import { type Lease, leaseKeyOf, leaseOf } from './remediation-store.ts';
import { isStorm, ownStormKey, rateKeysOf } from './storm-watch.ts';

/** What the guard looks at of the table before anything else. */
export interface GuardRows {
  /** Undefined where there is none of that id. */
  readonly incident: Incident | undefined;
  readonly isStorm: boolean;
  /** Undefined where nobody knows how often the runbook failed. */
  readonly breaker: Breaker | undefined;
  readonly lease: Lease | undefined;
}

/** Reads all that the guard looks at in one request. */
export class GuardView {
  readonly #table: Pick<IncidentTable, 'get' | 'getAll'>;

  constructor(table: Pick<IncidentTable, 'get' | 'getAll'>) {
    this.#table = table;
  }

  /** `stormLimit`: new troubles a minute from which on there is a storm. */
  async read(
    about: { readonly incident_id: string; readonly runbook: string; readonly target: string },
    stormLimit: number,
    now: Date,
  ): Promise<GuardRows> {
    const own = [incidentKeyOf(about.incident_id), breakerKeyOf(about.runbook), leaseKeyOf(about.target)];
    const [incident, breaker, lease, pointer, before, current] = await this.#table.getAll([
      ...own,
      ownStormKey,
      ...rateKeysOf(now),
    ]);
    const stormId = pointer?.['incident_id'];
    const storm = typeof stormId === 'string' ? await this.#table.get(incidentKeyOf(stormId)) : undefined;
    return {
      incident: incident && incidentOf(incident),
      isStorm: isStorm(storm && incidentOf(storm), [before, current], stormLimit, now),
      breaker: breakerOf(breaker),
      lease: leaseOf(lease),
    };
  }
}
