import { describe, expect, it } from 'vitest';
import { type EntryKind, entryKinds } from '../../../../functions/domain/incident.ts';
import { tellingRules, urgencyOf } from '../../../../functions/domain/telling/telling-rules.ts';

const acting = { mode: 'act', runbook: 'ec2-status-check-failed' } as const;

describe('urgencyOf', () => {
  it.each<[EntryKind, string]>([
    ['joined', 'none'],
    ['diagnosed', 'low'],
    ['proposed', 'low'],
    ['approval-requested', 'high'],
    ['approved', 'none'],
    ['approval-refused', 'none'],
    ['automation-started', 'none'],
    ['cleared', 'none'],
    ['relapsed', 'none'],
    ['acknowledged', 'low'],
    ['escalated', 'high'],
    ['needs-human', 'high'],
    ['resolved', 'low'],
    ['closed', 'none'],
  ])('publishes %s with urgency %s', (kind, urgency) => {
    expect(urgencyOf(kind, acting)).toBe(urgency);
  });

  it.each([
    ['act', 'ec2-status-check-failed', 'low'],
    ['approve', 'disk-space-low', 'high'],
    ['observe', 'default', 'high'],
    ['observe', 'none', 'high'],
    ['act', 'none', 'high'],
  ] as const)('opens an incident in mode %s with the runbook %s at urgency %s', (mode, runbook, urgency) => {
    expect(urgencyOf('triggered', { mode, runbook })).toBe(urgency);
  });

  it.each<EntryKind>(['automation-failed', 'not-helped', 'undone', 'remediation-refused'])(
    'leaves the page for %s to the needs-human that follows it',
    (kind) => {
      expect(urgencyOf(kind, acting)).toBe('none');
    },
  );

  it('has a word of its own for every kind', () => {
    const words = entryKinds.map((kind) => tellingRules[kind].word);
    expect(new Set(words).size).toBe(entryKinds.length);
  });
});
