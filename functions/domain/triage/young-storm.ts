import type { Incident } from '../incident.ts';

/** How long a storm takes in every new trouble, in seconds; after that, for as long as they come too fast. */
const youngStormSeconds = 120;

/** Whether a storm has only just begun, so that it lasts whatever the count says. */
export function isYoungStorm(storm: Incident, now: Date): boolean {
  return now.getTime() - Date.parse(storm.opened_at) < youngStormSeconds * 1000;
}

/** Whether an incident was opened in the minutes around a storm's beginning, before it took in every new trouble. */
export function cameWithStorm({ opened_at }: Incident, storm: Incident): boolean {
  return Math.abs(Date.parse(opened_at) - Date.parse(storm.opened_at)) < youngStormSeconds * 1000;
}
