const FORMAT = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  month: 'short',
  day: 'numeric',
  year: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
});

/** A time in epoch milliseconds as Systems Manager writes it into automation events: `Nov 29, 2016 7:43:25 PM`, in UTC. */
export function spellEventTime(epochMs: number): string {
  const parts = Object.fromEntries(FORMAT.formatToParts(new Date(epochMs)).map(({ type, value }) => [type, value]));
  const { month, day, year, hour, minute, second, dayPeriod } = parts;
  return `${month} ${day}, ${year} ${hour}:${minute}:${second} ${dayPeriod}`;
}
