import { describe, expect, it } from 'vitest';
import { type EntryKind, entryKinds } from '../../../../functions/domain/incident.ts';
import { tellingRules, urgencyOf } from '../../../../functions/domain/telling/telling-rules.ts';

const acting = { priority: 'P3' } as const;
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

  it('calls nobody out of support hours to what can wait, whenever it was opened', () => {
    const support_hours = { days: ['mon'], from: '07:00', to: '18:00', timezone: 'UTC' } as const;
    const waiting = { priority: 'P3', support_hours } as const;
    expect(urgencyOf('needs-human', waiting, at)).toBe('low');
    expect(urgencyOf('escalated', waiting, '2026-11-02T07:00:00.000Z')).toBe('high');
    expect(urgencyOf('escalated', waiting, '2026-11-02T18:00:00.000Z')).toBe('low');
    expect(urgencyOf('needs-human', { ...waiting, priority: 'P2' }, at)).toBe('high');
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
