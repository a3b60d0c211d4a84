import { normaliseEvent } from '../functions/adapters/intake/normalise-event.ts';
import { matchesPattern } from '../functions/domain/triage/matches-pattern.ts';
import type { LoadedConfig } from '../infra/config/load-config.ts';

/** Name of the runbook that an event starts, `default` where no other does; undefined where it starts none. */
export function whoTakes({ deployed }: Pick<LoadedConfig, 'deployed'>, event: unknown): string | undefined {
  const normalised = normaliseEvent(event, new Date());
  if (normalised.kind !== 'alert') return undefined;
  const { alert } = normalised;
  if (alert.event_action === 'resolve') return undefined;
  return deployed.routes.find(({ match }) => matchesPattern(match, alert))?.id;
}
