import type { Alert } from '../alert.ts';
import { hasEndedBadly, type Incident, type NewEntry, type TimelineChange, type TimelineEntry } from '../incident.ts';
import type { TriageContext, TriageDecision } from './triage-decision.ts';

/** What a triaged alert changes in its incident; undefined when it only belongs in the noise ledger. */
export function incidentChangeOf(
  alert: Alert,
  incident: Incident,
  { decision, reason }: TriageDecision,
  { now, memory }: TriageContext,
): TimelineChange | undefined {
  const key = `${alert.origin.transitioned_at}#${alert.origin.event_id}`;
  const entry = (kind: TimelineEntry['kind'], id: string, text: string) => ({ id, kind, text, by: 'handsoff' });
  const at = now.toISOString();
  switch (decision) {
    case 'join': {
      // What is remembered of an alarm goes back to before this incident.
      const since = incident.alert.origin.transitioned_at;
      const times = (memory?.triggers ?? []).filter((at) => at >= since).length + 1;
      const often = times === 1 ? 'once' : `${times} times`;
      // Nothing waits for it any more: the repair has ended badly, and the response may be over as well. Whoever has
      // been called back once is not called at every flap.
      if (hasEndedBadly(incident) && times <= 2) return calledAgain(entry, key, alert, incident);
      const text = `It fires again, ${often} by now: ${alert.payload.summary}`;
      return { entry: entry('relapsed', `relapsed#${key}`, text), patch: { symptom: 'firing' } };
    }
    case 'clear':
      // Said again, it is still as clear as before.
      if (incident.symptom === 'clear') return undefined;
      return { entry: entry('cleared', `cleared#${key}`, clearedText(reason)), patch: { symptom: 'clear' } };
    case 'acknowledge': {
      if (incident.status !== 'triggered') return undefined;
      const by = alert.origin.format;
      return {
        entry: { ...entry('acknowledged', 'acknowledged', `Acknowledged in ${by}.`), by },
        patch: { status: 'acknowledged', acknowledged_at: at, acknowledged_by: by },
      };
    }
    case 'resolve': {
      // Who had a hand in it, nobody knows here.
      const text = reason === 'alarm-deleted' ? 'The alarm was deleted while it fired.' : 'The alarm recovered.';
      return {
        entry: entry('resolved', 'resolved', text),
        patch: { symptom: 'clear', status: 'resolved', resolved_at: at },
      };
    }
    default:
      return undefined;
  }
}

function clearedText(reason: string): string {
  const flaps = reason === 'flapping' ? ' It flaps, so this takes longer than usual.' : '';
  return `The alarm is OK; seeing whether it stays so.${flaps}`;
}

/** An alarm that fires again must never be swallowed by an incident that nobody may be looking at. */
function calledAgain(
  entry: (kind: TimelineEntry['kind'], id: string, text: string) => NewEntry,
  key: string,
  alert: Alert,
  incident: Incident,
): TimelineChange {
  const before = incident.remediation === 'contained' ? 'though it was contained' : 'and its repair did not end well';
  const text = `It fires again, ${before}: ${alert.payload.summary}`;
  return { entry: entry('needs-human', `needs-human#${key}`, text), patch: { symptom: 'firing' } };
}
