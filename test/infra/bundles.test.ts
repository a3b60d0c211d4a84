import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const bundles = fileURLToPath(new URL('../../.build/functions', import.meta.url));
const names = readdirSync(bundles);
const maxBytes = 900 * 1024;

describe('the bundle of', () => {
  it.each(names)('%s is small, is a module with a handler, and holds no source map', (name) => {
    const file = join(bundles, name, 'index.mjs');
    expect(statSync(file).size).toBeLessThanOrEqual(maxBytes);
    const code = readFileSync(file, 'utf8');
    expect(code).toMatch(/export\s*\{[^}]*\bas handler\b[^}]*\}/);
    expect(code).not.toContain('sourceMappingURL');
    expect(readdirSync(join(bundles, name)).sort()).toEqual(['config.json', 'index.mjs']);
  });
});
