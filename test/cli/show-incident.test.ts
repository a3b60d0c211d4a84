import { describe, expect, it } from 'vitest';
import { showEntriesOfMany, showEntry, showIncident } from '../../cli/show-incident.ts';
import { anEntry } from '../support/an-entry.ts';
import { anIncident } from '../support/an-incident.ts';

const opened = '2026-11-02T03:00:04.000Z';
const long = `${'It could not be undone. '.repeat(20)}What failed: Restore.`;

describe('showEntry', () => {
  it('cuts nothing, and breaks between words where the terminal ends', () => {
    expect(showEntry(anEntry({ text: long }), new Date(opened), undefined)).toContain(long);
    const lines = showEntry(anEntry({ text: long }), new Date(opened), 100).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(lines.map((line) => line.slice(44)).join(' ')).toBe(long);
  });

  it('says by whom', () => {
    const approved = anEntry({ kind: 'approved', text: 'The change was approved in chat.', by: 'slack:U0HANDSOFF1' });
    expect(showEntry(approved, new Date(opened), undefined)).toMatch(/approved in chat\. · by slack:U0HANDSOFF1$/);
  });

  it('says whose a line is where many incidents write at once, and counts the time of each by itself', () => {
    const show = showEntriesOfMany();
    const at = (seconds: string) => anEntry({ text: `at ${seconds}`, at: `2026-11-02T03:00:${seconds}.000Z` });
    const shown = [show(at('01'), 'inc-a'), show(at('05'), 'inc-b'), show(at('06'), 'inc-b'), show(at('31'), 'inc-a')];
    expect(shown.map((text) => text.split('\n').map((line) => line.trim().replace(/ {2,}.*at /, ' … at ')))).toEqual([
      ['inc-a', '03:00:01 … at 01'],
      ['inc-b', '03:00:05 … at 05'],
      ['03:00:06 … at 06'],
      ['inc-a', '03:00:31 … at 31'],
    ]);
    expect(shown.map((text) => /([\d.]+) s {2}/.exec(text)?.[1])).toEqual(['0.0', '0.0', '1.0', '30']);
  });

  it('says how to answer what it asks, of the sandbox that was asked', () => {
    const approval = { id: 'a1', expires_at: '2026-11-02T04:00:00.000Z', approvers: ['U0HANDSOFF1'] };
    const incident = anIncident({ remediation: 'awaiting-approval' });
    const entries = [anEntry({ kind: 'approval-requested', approval })];
    expect(showIncident(incident, entries, ' --port 9000')).toMatch(
      /\n {2}npx handsoff approve a1 --as U0HANDSOFF1 --port 9000\n {2}npx handsoff refuse a1 --as U0HANDSOFF1 --port 9000$/,
    );
  });

  it('lets no control character reach the terminal', () => {
    const shown = showIncident(anIncident({ title: 'a\u001B[31mb' }), [
      anEntry({ text: 'c\u001B[31md', by: 'e\u0007f' }),
    ]);
    expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
