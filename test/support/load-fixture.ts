import { readFileSync } from 'node:fs';

/** An event as its sender makes it: `loadEvent('cloudwatch/ec2-status-check-alarm')`. */
export function loadEvent(name: string): Record<string, unknown> {
  const file = new URL(`../fixtures/events/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}
