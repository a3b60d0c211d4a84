import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readJsonFile } from '../../cli/read-json-file.ts';
import { readTextFile } from '../../cli/read-text-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'handsoff-read-'));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('reads what begins with a byte order mark, as editors on Windows write it', () => {
  expect(readTextFile(file('marked.json', '\uFEFF{}'))).toBe('{}');
});

it('refuses what is no UTF-8, as PowerShell may write it', () => {
  const utf16 = file('utf16.json', Buffer.from('\uFEFF{}', 'utf16le'));
  expect(() => readJsonFile(utf16)).toThrow(
    /utf16\.json could not be read \(it is no text in UTF-8\); name a JSON file/,
  );
});

it('says in one line what is no JSON', () => {
  expect(() => readJsonFile(file('broken.json', '{\n "a": x\n}'))).toThrow(
    /^.*broken\.json is not JSON \(.*\); an event.*$/,
  );
});
