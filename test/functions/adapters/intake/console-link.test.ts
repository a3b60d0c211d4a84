import { expect, it } from 'vitest';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { loadEvent } from '../../../support/load-fixture.ts';

const receivedAt = new Date('2026-11-02T03:00:06.000Z');
const halfACharacter = '\ud800';

it.each([
  ['cloudwatch/ec2-status-check-alarm', { alarmName: `x${halfACharacter}` }],
  ['guardduty/port-probe', { region: `x${halfACharacter}` }],
  ['guardduty/port-probe', { id: `x${halfACharacter}` }],
])('%s with half a character in what its link is made of is read or refused, and throws nothing', (name, change) => {
  const event = structuredClone(loadEvent(name)) as { detail: object };
  Object.assign(event.detail, change);
  expect(['alert', 'poison', 'noise']).toContain(normaliseEvent(event, receivedAt).kind);
});
