import { endOfHours, nextStartOfHours } from './hours.ts';
import type { Incident } from './incident.ts';

/**
 * Until when (ISO 8601) nobody is called to an incident, if that is so at `now`. P1 and P2 call a person at any hour; others
 * only within the support hours of their service, if it has any.
 */
export function waitsUntil(
  { priority, support_hours: hours }: Pick<Incident, 'priority' | 'support_hours'>,
  now: Date,
): string | undefined {
  if (priority === 'P1' || priority === 'P2' || !hours || endOfHours(hours, now)) return undefined;
  return nextStartOfHours(hours, now).toISOString();
}

/** Seconds from `now` until people are called to an incident; 0 where they are called at any time, or now. */
export function secondsToWait(incident: Pick<Incident, 'priority' | 'support_hours'>, now: Date): number {
  const until = waitsUntil(incident, now);
  return until === undefined ? 0 : Math.ceil((Date.parse(until) - now.getTime()) / 1000);
}
