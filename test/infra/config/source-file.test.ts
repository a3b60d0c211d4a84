import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemText, SourceFile } from '../../../infra/config/source-file.ts';

const json = new SourceFile(
  '{\n  "States": {\n    "Call Person": { "Catch": [{ "Next": "a" }] },\n    "a.b/c": 1\n  }\n}',
  'x.json',
);

const tooManyAliases = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...Array.from('bcdefgh').map(
    (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`,
  ),
].join('\n');

describe('SourceFile', () => {
  it('knows the line and column of every value', () => {
    expect(problemText(json.at(['States', 'Call Person', 'Catch', 0, 'Next'], 'x'))).toBe('x.json:3:42: x');
    expect(problemText(json.atKey(['States', 'a.b/c'], 'x'))).toBe('x.json:4:5: x');
  });

  it('points at the nearest value on the way to one that is not there', () => {
    expect(json.at(['States', 'Call Person', 'Retry', 3], 'x')).toMatchObject({ line: 3, column: 20 });
  });

  it('reads pointers into names that hold their separators', () => {
    expect(json.pathOf('/States/Call Person/Catch[0]/Next')).toEqual(['States', 'Call Person', 'Catch', 0, 'Next']);
    expect(json.pathOf('/States/a.b/c')).toEqual(['States', 'a.b/c']);
    expect(json.pathOf('States.Call Person.Nothing')).toEqual(['States', 'Call Person', 'Nothing']);
  });

  it.each([
    ['x.json', '{\n  "a": 1,\n}', 'x.json:3:1: is not JSON'],
    ['x.json', '{ "a": ', 'x.json:1:8: is not JSON'],
    ['x.json', '# no comment\n{}', 'x.json:1:1: is not JSON'],
    ['x.json', '{ "a": 1, "a": 2 }', 'x.json:1:11: stands here twice'],
    ['x.json', '\uFEFF{ "a": 1 }', 'x.json:1:1: begins with a byte order mark'],
    ['x.yaml', 'a: [1\nb: 2', 'x.yaml:'],
    ['x.yaml', 'title: Disk\nhow: *restart\n', 'x.yaml:2:6: *restart stands for what is called'],
    ['x.yaml', 'a: &a\n  b: *a\n', 'x.yaml:2:6: *a stands within what it stands for'],
    ['x.yaml', tooManyAliases, 'x.yaml:1:1: is not read: Excessive alias count'],
  ])('says where the text of %s %j is wrong', (name, text, place) => {
    const file = new SourceFile(text, name);
    expect(file.syntaxProblems.map(problemText)[0]).toContain(place);
    expect(file.value).toBeUndefined();
  });

  it('refuses what is not UTF-8, and takes a folder for a file that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'source-file-'));
    writeFileSync(join(folder, 'x.yaml'), Buffer.from('title: Sp\xE4t\n', 'latin1'));
    const file = SourceFile.read(join(folder, 'x.yaml'), 'x.yaml');
    expect(file?.syntaxProblems.map(problemText)).toEqual(['x.yaml:1:1: is not UTF-8; save it in that encoding.']);
    expect(file?.value).toBeUndefined();
    expect(SourceFile.read(folder, 'x')).toBeUndefined();
  });
});
