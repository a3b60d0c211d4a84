import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlText } from '../../rehearsal/record/yaml-text.ts';

describe('yamlText', () => {
  it.each([
    ['blanks and a line break', '  \n'],
    ['an empty line with a blank, before others', ' \n\n\n'],
    ['what Windows prints, with a line of one blank', `Name: a\r\n \n\n${'a'.repeat(130)}\r\n`],
  ])('keeps %s', (_, text) => {
    expect(parse(yamlText({ output: text }))).toEqual({ output: text });
  });

  it('keeps any text, wherever it stands', () => {
    const piece = fc.constantFrom('\n', ' ', '\t', ': ', '#', '- ', '\r\n', '\u001b[31m', 'two words', 'a'.repeat(130));
    const text = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (one) => {
        const value = { [one]: 1, output: { Text: one, List: [one, { Text: one }] } };
        expect(parse(yamlText(value))).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('writes the same thing twice twice', () => {
    const same = { Text: 'a' };
    expect(yamlText({ one: same, other: same })).toBe('one:\n  Text: a\nother:\n  Text: a\n');
  });
});
