import { describe, expect, it } from 'vitest';
import { showEntry, showIncident } from '../../cli/show-incident.ts';
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

  it('lets no control character reach the terminal', () => {
    const shown = showIncident(anIncident({ title: 'a\u001B[31mb' }), [
      anEntry({ text: 'c\u001B[31md', by: 'e\u0007f' }),
    ]);
    expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
