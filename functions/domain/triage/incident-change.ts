import type { Alert } from '../alert.ts';
import type { Incident, TimelineEntry } from '../incident.ts';
import type { TriageDecision } from './triage-alert.ts';

interface Change {
  readonly entry: Omit<TimelineEntry, 'seq' | 'at'>;
  readonly patch: Partial<Incident>;
}

/** What a triaged alert changes in its incident; undefined when it only belongs in the noise ledger. */
export function incidentChangeOf(
  alert: Alert,
  incident: Incident,
  decision: TriageDecision,
  now: Date,
): Change | undefined {
  const key = `${alert.origin.transitioned_at}#${alert.origin.event_id}`;
  const entry = (kind: TimelineEntry['kind'], id: string, text: string) => ({ id, kind, text, by: 'handsoff' });
  const at = now.toISOString();
  switch (decision.decision) {
    case 'join':
      if (decision.reason === 'relapse') {
        // Nothing waits for it any more: the repair has ended badly, and the response may be over as well.
        if (incident.remediation !== 'running') return calledAgain(entry, key, alert);
        return {
          entry: entry('relapsed', `relapsed#${key}`, `It fires again: ${alert.payload.summary}`),
          patch: { symptom: 'firing' },
        };
      }
      return { entry: entry('joined', `joined#${key}`, `Fires again: ${alert.payload.summary}`), patch: {} };
    case 'clear':
      return {
        entry: entry('cleared', `cleared#${key}`, 'The alarm is OK; seeing whether it stays so.'),
        patch: { symptom: 'clear' },
      };
    case 'resolve': {
      const text =
        decision.reason === 'alarm-deleted' ? 'The alarm was deleted while it fired.' : resolvedText(incident);
      return {
        entry: entry('resolved', 'resolved', text),
        patch: { symptom: 'clear', status: 'resolved', resolved_at: at },
      };
    }
    default:
      return undefined;
  }
}

/** An alarm that fires again must never be swallowed by an incident that nobody may be looking at. */
function calledAgain(
  entry: (kind: TimelineEntry['kind'], id: string, text: string) => Change['entry'],
  key: string,
  alert: Alert,
): Change {
  const text = `It fires again, and its repair did not end well: ${alert.payload.summary}`;
  return { entry: entry('needs-human', `needs-human#${key}`, text), patch: { symptom: 'firing' } };
}

function resolvedText(incident: Incident): string {
  return incident.remediation === 'none' ? 'The alarm recovered by itself.' : 'The alarm recovered.';
}
