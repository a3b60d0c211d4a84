import { describe, expect, it } from 'vitest';
import { type EntryKind, entryKinds } from '../../../../functions/domain/incident.ts';
import { tellingRules, urgencyOf } from '../../../../functions/domain/telling/telling-rules.ts';

const acting = { runbook: 'ec2-status-check-failed' };

describe('urgencyOf', () => {
  it.each<[EntryKind, string]>([
    ['grew', 'none'],
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

  it('leaves the page to the outcome of the runbook, and calls at once where none is at work', () => {
    expect(urgencyOf('triggered', { runbook: 'disk-space-low' })).toBe('low');
    expect(urgencyOf('triggered', { runbook: 'none' })).toBe('high');
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
