import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allFormats } from '../../../functions/adapters/intake/formats/all-formats.ts';
import { corpusNames, corpusText, folder, takeFixture } from './a-corpus.ts';

async function outcomeOf(name: string) {
  return takeFixture(name.split('/')[0] ?? '', corpusText(name));
}

describe('the corpus of webhooks', () => {
  it.each(corpusNames)('answers %s and makes of it what is expected', async (name) => {
    const { $comment, ...expected } = JSON.parse(readFileSync(`${folder}${name}.expected.json`, 'utf8'));
    expect($comment, `${name}.expected.json says where the body is from`).toMatch(/\w/);
    expect(await outcomeOf(name)).toEqual(expected);
  });

  it('holds four bodies of every format, and no fixture that nobody reads', () => {
    for (const { name } of allFormats)
      expect(corpusNames.filter((one) => one.startsWith(`${name}/`)).length, name).toBeGreaterThanOrEqual(4);
  });

  it('loses nothing: whatever is accepted is on the bus, and whatever is refused is kept with its reason', async () => {
    for (const name of corpusNames) {
      const { status, received, quarantined } = await outcomeOf(name);
      expect(status === 202 ? received.length : quarantined.length, name).toBeGreaterThan(0);
    }
  });
});
