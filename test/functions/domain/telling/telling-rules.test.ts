import { describe, expect, it } from 'vitest';
import { type EntryKind, entryKinds } from '../../../../functions/domain/incident.ts';
import { tellingRules, urgencyOf } from '../../../../functions/domain/telling/telling-rules.ts';

const acting = {};
const at = '2026-11-02T03:00:00.000Z';

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
    ['worsened', 'high'],
    ['acknowledged', 'low'],
    ['escalated', 'high'],
    ['given-up', 'high'],
    ['needs-human', 'high'],
    ['resolved', 'low'],
    ['closed', 'none'],
  ])('publishes %s with urgency %s', (kind, urgency) => {
    expect(urgencyOf(kind, acting, at)).toBe(urgency);
  });

  it('calls nobody to what can wait until support hours begin, and does from then on', () => {
    const waiting = { waits_until: '2026-11-02T07:00:00.000Z' };
    expect(urgencyOf('needs-human', waiting, at)).toBe('low');
    expect(urgencyOf('escalated', waiting, '2026-11-02T07:00:01.000Z')).toBe('high');
  });

  it.each<EntryKind>(['automation-failed', 'not-helped', 'undone', 'remediation-refused'])(
    'leaves the page for %s to the needs-human that follows it',
    (kind) => {
      expect(urgencyOf(kind, acting, at)).toBe('none');
    },
  );

  it('has a word of its own for every kind', () => {
    const words = entryKinds.map((kind) => tellingRules[kind].word);
    expect(new Set(words).size).toBe(entryKinds.length);
  });
});
