import { expect, it } from 'vitest';
import { responseInputOf } from '../../../functions/domain/response-input.ts';
import { waitsUntil } from '../../../functions/domain/support-hours.ts';
import { openIncident } from '../../../functions/domain/triage/open-incident.ts';
import { aConfig } from '../../support/a-config.ts';
import { anAlert } from '../../support/an-alert.ts';

const [platform] = aConfig().services;
const support_hours = { days: ['mon', 'tue'], from: '08:00', to: '18:00', timezone: 'UTC' } as const;
const config = aConfig({}, { services: platform ? [{ ...platform, support_hours }] : [] });

function openedAt(time: string, severity: 'critical' | 'warning') {
  const alert = anAlert();
  const { incident } = openIncident({ ...alert, payload: { ...alert.payload, severity } }, config, new Date(time));
  const { wait_seconds, repeat_seconds } = responseInputOf(incident, config).escalation;
  return { waits_until: waitsUntil(incident, new Date(time)), wait_seconds, repeat_seconds };
}

it('waits with a trouble that can wait until support hours begin, and calls then', () => {
  expect(openedAt('2026-11-02T02:00:00.000Z', 'warning')).toEqual({
    waits_until: '2026-11-02T08:00:00.000Z',
    wait_seconds: 6 * 3600,
    repeat_seconds: 600,
  });
});

it.each([
  ['in support hours', '2026-11-02T09:00:00.000Z', 'warning'],
  ['of a trouble that cannot wait', '2026-11-02T02:00:00.000Z', 'critical'],
] as const)('calls at once %s', (_when, time, severity) => {
  const { waits_until, wait_seconds } = openedAt(time, severity);
  expect(waits_until).toBeUndefined();
  expect(wait_seconds).toBeLessThanOrEqual(900);
});
