import type { Alert } from './alert.ts';
import { endOfMaintenance, type MaintenanceWindow } from './hours.ts';
import { matchesPattern } from './triage/matches-pattern.ts';

/** When nothing may be changed, and how much at once: `config/change-calendar.yaml`. */
export interface ChangeRules {
  readonly freezes: readonly MaintenanceWindow[];
  /** Names or ARNs of change calendars of AWS Systems Manager; all have to be open. */
  readonly calendars: readonly string[];
  /** How many automations of ours may be in flight at once. */
  readonly automations_in_flight: number;
}

/** How the change calendars stand together. `until` is ISO 8601, and absent where AWS does not say. */
export interface CalendarState {
  readonly state: 'open' | 'closed';
  readonly until?: string;
}

/** The window that an alert is in, and lasts longest, if there is one. */
export function windowOver(
  alert: Alert,
  windows: readonly MaintenanceWindow[],
  now: Date,
): { readonly id: string; readonly until: Date } | undefined {
  return windows
    .filter(({ match }) => matchesPattern(match, alert))
    .flatMap((window) => {
      const until = endOfMaintenance(window, now);
      return until ? [{ id: window.id, until }] : [];
    })
    .toSorted((a, b) => b.until.getTime() - a.until.getTime())[0];
}

/** Why nothing may be changed now, as a sentence; undefined while the calendar is known to be open. */
export function whyFrozen(
  alert: Alert,
  { freezes, calendars }: Pick<ChangeRules, 'freezes' | 'calendars'>,
  state: CalendarState | undefined,
  now: Date,
): string | undefined {
  const freeze = windowOver(alert, freezes, now);
  if (freeze) return `The change freeze ${freeze.id} lasts until ${timeOf(freeze.until)}.`;
  if (calendars.length === 0 || state?.state === 'open') return undefined;
  const names = calendars.join(', ');
  if (!state) return `Whether the change calendar ${names} is open could not be read.`;
  return `The change calendar ${names} is closed${state.until ? ` until ${state.until}` : ''}.`;
}

/** A time on another day than today's may be meant, so the day stands with it. */
export function timeOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
