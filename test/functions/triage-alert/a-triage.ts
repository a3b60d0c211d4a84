import { AlertStore } from '../../../functions/adapters/alert-store.ts';
import type { IncidentTable } from '../../../functions/adapters/dynamodb-table.ts';
import type { HeldAlert } from '../../../functions/adapters/hold-queue.ts';
import { IncidentStore } from '../../../functions/adapters/incident-store.ts';
import { StormWatch } from '../../../functions/adapters/storm-watch.ts';
import type { Alert } from '../../../functions/domain/alert.ts';
import type { TriageRules } from '../../../functions/domain/deployed-config.ts';
import { takeAlert } from '../../../functions/triage-alert/take-alert.ts';
import { aConfig } from '../../support/a-config.ts';

/** Triage on a table of the test's own, with what waits in a list instead of a queue. */
export function aTriage(table: IncidentTable, rules: Partial<TriageRules> = {}) {
  const incidents = new IncidentStore(table);
  const held: HeldAlert[] = [];
  const ports = {
    incidents,
    alerts: new AlertStore(table, incidents),
    storms: new StormWatch(table),
    holds: { hold: async (one: HeldAlert) => void held.push(one) },
  };
  const config = aConfig({ storm: { new_per_minute: 1000 }, ...rules });
  const take = async (alert: Alert, now: Date, released = false) => takeAlert(alert, ports, config, now, released);
  /** Lets time pass until nothing waits any more. */
  const settle = async () => {
    for (let next = held.shift(); next; next = held.shift()) await take(next.alert, new Date(next.until), true);
  };
  return { take, settle, incidents, held, ports, config };
}
