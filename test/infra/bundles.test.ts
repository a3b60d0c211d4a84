import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeFilesOf } from '../../infra/bundle-functions.ts';

const build = fileURLToPath(new URL('../../.build/functions', import.meta.url));
const bundles = readdirSync(build).map((name) => ({ name, directory: join(build, name) }));
const maxBytes = 900 * 1024;

describe('the bundle of', () => {
  it.each(bundles)('$name is small, is a module with a handler, and holds no source map', ({ directory }) => {
    const sizes = codeFilesOf(directory).map((file) => statSync(join(directory, file)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxBytes);
    const code = codeFilesOf(directory).map((file) => readFileSync(join(directory, file), 'utf8'));
    expect(readFileSync(join(directory, 'index.mjs'), 'utf8')).toMatch(/export\s*\{[^}]*\bas handler\b[^}]*\}/);
    expect(code.join('\n')).not.toContain('sourceMappingURL');
  });

  it.each(bundles)('$name holds its configuration, and of code nothing that it does not import', ({ directory }) => {
    const files = codeFilesOf(directory);
    expect(readdirSync(directory).sort()).toEqual(['config.json', ...files].sort());
    const code = files.map((file) => readFileSync(join(directory, file), 'utf8')).join('\n');
    const imported = new Set([...code.matchAll(/["']\.\/([\w-]+\.mjs)["']/g)].map(([, file]) => file));
    expect(files.filter((file) => file !== 'index.mjs')).toEqual([...imported].map(String).sort());
  });
});

describe('what functions share', () => {
  it('is the same file in all of them', () => {
    const texts = new Map<string, string>();
    for (const { directory } of bundles) {
      for (const file of codeFilesOf(directory).filter((name) => name !== 'index.mjs')) {
        const text = readFileSync(join(directory, file), 'utf8');
        expect(texts.get(file) ?? text).toBe(text);
        texts.set(file, text);
      }
    }
    expect(texts.size).toBeGreaterThan(10);
  });
});
