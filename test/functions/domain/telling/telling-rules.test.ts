import { describe, expect, it } from 'vitest';
import { type EntryKind, entryKinds } from '../../../../functions/domain/incident.ts';
import { tellingRules, urgencyOf } from '../../../../functions/domain/telling/telling-rules.ts';

const acting = {};

describe('urgencyOf', () => {
  it.each<[EntryKind, string]>([
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

  it('calls nobody now to what can wait for support hours', () => {
    expect(urgencyOf('needs-human', { can_wait: true })).toBe('low');
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
