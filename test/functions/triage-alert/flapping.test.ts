import { expect, it } from 'vitest';
import { projectRoot } from '../../../cli/project-root.ts';
import { MemoryTable } from '../../../cli/triage/memory-table.ts';
import { loadConfig } from '../../../infra/config/load-config.ts';
import { anAlert } from '../../support/an-alert.ts';
import { aTriage } from './a-triage.ts';

const minute = 60_000;
const week = 7 * 1440 * minute;
const rules = loadConfig(projectRoot).deployed.triage;

/** How many incidents an alarm opens in a week that fires and is OK for so many minutes in turn, by the rules as we ship them. */
async function incidentsOf(minutes: number): Promise<number> {
  const { take, held } = aTriage(new MemoryTable(), { settle_seconds: rules.settle_seconds, flap: rules.flap });
  let opened = 0;
  const begin = Date.parse('2026-11-02T00:00:00.000Z');
  for (let count = 0; count * minutes * minute < week; count++) {
    const now = new Date(begin + count * minutes * minute);
    for (const due of held.filter(({ until }) => until <= now.toISOString())) {
      held.splice(held.indexOf(due), 1);
      await take(due.alert, new Date(due.until), true);
    }
    const origin = { ...anAlert().origin, event_id: `e-${count}`, transitioned_at: now.toISOString() };
    const { decision } = await take(anAlert({ event_action: count % 2 === 0 ? 'trigger' : 'resolve', origin }), now);
    if (decision === 'open') opened += 1;
  }
  return opened;
}

it.each([2, 5, 10, 15])('an alarm that flaps every %i minutes opens a handful of incidents a week', async (minutes) => {
  expect(await incidentsOf(minutes)).toBeLessThanOrEqual(5);
});
