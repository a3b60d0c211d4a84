import type { IncidentStore } from '../adapters/incident-store.ts';
import type { RemediationStore } from '../adapters/remediation-store.ts';
import {
  type EndedRemediation,
  endingChange,
  followUpChange,
  isBesideAnother,
  keepsLease,
} from '../domain/remediation-outcome.ts';

export interface FinishRequest extends EndedRemediation {
  readonly incident_id: string;
  readonly target: string;
}

/** What a runbook gets back from `remediate`. */
export interface FinishAnswer {
  readonly outcome: 'recovered' | 'contained' | 'needs-human';
  readonly actions: readonly { readonly action: string; readonly ending: string }[];
}

export interface FinishStores {
  readonly incidents: IncidentStore;
  readonly remediations: RemediationStore;
}

/**
 * Says how the remediation ended, then frees the target unless something may still be at work on it, then calls a
 * person unless nothing is left to do.
 */
export async function finishRemediation(
  request: FinishRequest,
  { incidents, remediations }: FinishStores,
  now: Date,
): Promise<FinishAnswer> {
  const { incident_id: id, target, ending, action } = request;
  const before = await incidents.readIncident(id);
  await incidents.record(id, (current) => endingChange(request, current, now), now);
  const isOurs = before !== undefined && !isBesideAnother(request, before);
  if (isOurs && !keepsLease(request)) await remediations.release(id, target);
  await incidents.record(id, (current) => followUpChange(request, current, now), now);
  const actions = action ? [{ action, ending }] : [];
  return { outcome: ending === 'recovered' || ending === 'contained' ? ending : 'needs-human', actions };
}
