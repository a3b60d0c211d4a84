import type { IncidentStore } from '../adapters/incident-store.ts';
import type { RemediationStore } from '../adapters/remediation-store.ts';
import { type EndedRemediation, endingChange, followUpChange } from '../domain/remediation-outcome.ts';

export interface FinishRequest extends EndedRemediation {
  readonly incident_id: string;
  readonly target: string;
}

/** What a runbook gets back from `remediate`. */
export interface FinishAnswer {
  readonly outcome: 'recovered' | 'needs-human';
  readonly actions: readonly { readonly action: string; readonly ending: string }[];
}

export interface FinishStores {
  readonly incidents: IncidentStore;
  readonly remediations: RemediationStore;
}

/** Says how the remediation ended, then frees the target, then calls a person unless nothing is left to do. */
export async function finishRemediation(
  request: FinishRequest,
  { incidents, remediations }: FinishStores,
  now: Date,
): Promise<FinishAnswer> {
  const { incident_id: id, target, ending, action } = request;
  await incidents.record(
    id,
    (current) => (current.status === 'resolved' ? undefined : endingChange(request, now)),
    now,
  );
  await remediations.release(id, target);
  await incidents.record(id, (current) => followUpChange(request, current, now), now);
  const actions = action ? [{ action, ending }] : [];
  return { outcome: ending === 'recovered' ? 'recovered' : 'needs-human', actions };
}
