import { describe, expect, it } from 'vitest';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import { severityNamed, severityScored } from '../../../../functions/adapters/intake/sender-words.ts';
import { loadEvent } from '../../../support/load-fixture.ts';

/** How bad a fixture is after a change somewhere below its detail. */
function severityOf(fixture: string, change: (detail: Record<string, never>) => void) {
  const event = structuredClone(loadEvent(fixture));
  change(event['detail'] as Record<string, never>);
  const normalised = normaliseEvent(event, new Date('2026-11-02T03:00:06.000Z'));
  return normalised.kind === 'alert' ? normalised.alert.payload.severity : normalised;
}

describe('severityNamed', () => {
  it.each([
    ['CRITICAL', 'critical'],
    ['SEV-1', 'critical'],
    ['Sev 2', 'error'],
    ['P3', 'warning'],
    ['informational', 'info'],
    ['sample', 'info'],
    ['constructor', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('makes of %s %s', (word, severity) => {
    expect(severityNamed(word)).toBe(severity);
  });
});

describe('severityScored', () => {
  it.each([
    [10, 'critical'],
    [9, 'critical'],
    [8.9, 'error'],
    [4, 'warning'],
    [3.9, 'info'],
    [0, 'info'],
  ])('makes of %d %s', (score, severity) => {
    expect(severityScored(score)).toBe(severity);
  });
});

describe('the severity of an event', () => {
  it('is what the tag of a CloudWatch alarm says, in the words that tools have for it', () => {
    const tagged = (severity: string) => (detail: object) => Object.assign(detail, { alarmTags: { severity } });
    expect(
      ['Critical', 'sev1', 'P3', 'very'].map((tag) => severityOf('cloudwatch/disk-space-low-alarm', tagged(tag))),
    ).toEqual(['critical', 'critical', 'warning', 'error']);
  });

  it('is what a priority of PagerDuty says, as either of its schemes calls it', () => {
    const ofPriority = (summary: string) => (detail: Record<string, Record<string, object>>) =>
      Object.assign(detail['event']?.['data'] ?? {}, { priority: { summary } });
    const said = ['P1', 'SEV-1', 'SEV-3', 'whatever'].map((name) =>
      severityOf('pagerduty-partner/incident-triggered', ofPriority(name)),
    );
    expect(said).toEqual(['critical', 'critical', 'warning', 'error']);
  });
});
