import { changeWrites, openingWrites } from '../adapters/incident-store.ts';
import { type AlertStore, noiseWrite, type ReadContext } from '../adapters/alert-store.ts';
import type { Write } from '../adapters/dynamodb-table.ts';
import type { Alert } from '../domain/alert.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import type { Incident } from '../domain/incident.ts';
import { incidentChangeOf } from '../domain/triage/incident-change.ts';
import { openIncident } from '../domain/triage/open-incident.ts';
import { triageAlert, type TriageDecision } from '../domain/triage/triage-alert.ts';

/** What became of an alert, and the incident it belongs to where there is one. */
export interface Taken extends TriageDecision {
  readonly incident?: Incident;
}

/** How often a decision is made again when another copy of the alert, or another writer, was quicker. */
const maxAttempts = 20;

/** Decides what becomes of an alert and writes it, all or nothing. Throws when the table stays contended, to be retried. */
export async function takeAlert(alert: Alert, store: AlertStore, config: DeployedConfig, now: Date): Promise<Taken> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const context = await store.read(alert);
    const decision = triageAlert(alert, context);
    const taken = await writeDecision(alert, context, decision, store, config, now);
    if (taken) return taken;
  }
  throw new Error(`Alert ${alert.dedup_key} was contended ${maxAttempts} times; it will be tried again.`);
}

/** Answers undefined when somebody else wrote first. */
async function writeDecision(
  alert: Alert,
  context: ReadContext,
  decision: TriageDecision,
  store: AlertStore,
  config: DeployedConfig,
  now: Date,
): Promise<Taken | undefined> {
  const known = context.incident && { incident: context.incident };
  if (decision.decision === 'drop') return { ...decision, ...known };
  if (decision.reason === 'late') {
    await store.recordNoise(alert, decision.reason, now);
    return { ...decision, ...known };
  }
  if (decision.decision === 'open') {
    const { incident, entry } = openIncident(alert, config, now);
    const written = await store.advance(
      alert,
      context,
      { opened: incident, writes: openingWrites(incident, entry, now) },
      now,
    );
    return written ? { ...decision, incident } : undefined;
  }
  const written = await store.advance(alert, context, { writes: writesOf(alert, context, decision, now) }, now);
  return written ? { ...decision, ...known } : undefined;
}

function writesOf(alert: Alert, { incident }: ReadContext, decision: TriageDecision, now: Date): Write[] {
  const change = incident && incidentChangeOf(alert, incident, decision, now);
  return incident && change ? changeWrites(incident, change, now) : [noiseWrite(alert, decision.reason, now)];
}
