import type { Normalised } from '../../functions/domain/normalised.ts';

/** The parts of an alert that matter to triage and to people. */
export function partsOf(normalised: Normalised): Record<string, unknown> {
  if (normalised.kind === 'poison') return { kind: 'poison', paths: normalised.errors.map(({ path }) => path) };
  if (normalised.kind === 'noise') return normalised;
  if (normalised.kind === 'change') return { kind: 'change', summary: normalised.change.summary };
  const { event_action, dedup_key, payload, resource, origin, suppressed_by, suppressed_until } = normalised.alert;
  return {
    kind: 'alert',
    event_action,
    dedup_key,
    severity: payload.severity,
    summary: payload.summary,
    resource,
    transitioned_at: origin.transitioned_at,
    ...(origin.sent_by && { sent_by: origin.sent_by }),
    ...(suppressed_by && { suppressed_by }),
    ...(suppressed_until && { suppressed_until }),
  };
}
