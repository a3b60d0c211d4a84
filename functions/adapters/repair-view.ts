import type { Incident } from '../domain/incident.ts';
import type { AutomationStep } from '../domain/waits.ts';
import { breakerKeyOf } from './breaker-store.ts';
import type { IncidentTable, Item } from './dynamodb-table.ts';
import { incidentKeyOf, incidentOf } from './incident-store.ts';
import { type Lease, leaseKeyOf, leaseOf } from './remediation-store.ts';
import { type Wait, waitKeyOf, waitOf } from './wait-store.ts';

/** What is looked at of the table before an automation starts. */
export interface StartRows {
  /** That it is about to start, or with which execution it did; undefined where nobody has tried. */
  readonly note: Wait | undefined;
  readonly incident: Incident | undefined;
  readonly lease: Lease | undefined;
}

/** What is looked at of the table when a repair ends. */
export interface EndRows {
  readonly incident: Incident | undefined;
  readonly lease: Lease | undefined;
  /** The item of the runbook's breaker, if there is one. */
  readonly breaker: Item | undefined;
}

/** Reads all that is looked at around a repair in one request each. */
export class RepairView {
  readonly #table: Pick<IncidentTable, 'getAll'>;

  constructor(table: Pick<IncidentTable, 'getAll'>) {
    this.#table = table;
  }

  async beforeStart(incidentId: string, step: AutomationStep, target: string): Promise<StartRows> {
    const keys = [waitKeyOf(incidentId, `automation-${step}`), incidentKeyOf(incidentId), leaseKeyOf(target)];
    const [note, incident, lease] = await this.#table.getAll(keys);
    return { note: waitOf(note), incident: incident && incidentOf(incident), lease: leaseOf(lease) };
  }

  async atEnd(incidentId: string, target: string, runbook: string): Promise<EndRows> {
    const keys = [incidentKeyOf(incidentId), leaseKeyOf(target), breakerKeyOf(runbook)];
    const [incident, lease, breaker] = await this.#table.getAll(keys);
    return { incident: incident && incidentOf(incident), lease: leaseOf(lease), breaker };
  }
}
