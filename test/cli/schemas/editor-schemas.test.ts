import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { editorSchemas, placesIn } from '../../../cli/schemas/editor-schemas.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const schemas = editorSchemas();
const described = parse(readFileSync(join(checkout, 'cli/schemas/descriptions.yaml'), 'utf8'));
const schemaOf = (name: string): Record<string, unknown> =>
  JSON.parse(schemas.get(`statemachines/${name}.schema.json`) ?? '{}');

/** Every YAML file of a kind in the repository. */
function filesOf(kind: RegExp): string[] {
  return readdirSync(join(checkout, 'statemachines/runbooks'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    kind.test(name),
  );
}

function problemsOf(schema: Record<string, unknown>, value: unknown): unknown {
  return z.fromJSONSchema(schema).safeParse(value).error?.issues ?? [];
}

describe('editorSchemas', () => {
  it.each([...schemas])('%s in the repository is current; run: npx handsoff docs', (file, text) => {
    expect(readFileSync(join(checkout, file), 'utf8')).toBe(text);
  });

  it.each([
    ['runbook', /^[^/]+\/runbook\.yaml$/],
    ['rehearsal', /\/rehearsals\/[^/]+\.yaml$/],
  ])('takes every %s of the repository', (name, kind) => {
    const files = filesOf(kind);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const value: unknown = parse(readFileSync(join(checkout, 'statemachines/runbooks', file), 'utf8'));
      expect({ file, problems: problemsOf(schemaOf(name), value) }).toEqual({ file, problems: [] });
    }
  });

  it('refuses what the manifest refuses', () => {
    const text = readFileSync(join(checkout, 'statemachines/runbooks/default/runbook.yaml'), 'utf8');
    expect(problemsOf(schemaOf('runbook'), { ...parse(text), mode: 'yolo' })).not.toEqual([]);
    expect(problemsOf(schemaOf('runbook'), { ...parse(text), surprise: 1 })).not.toEqual([]);
  });

  it('says something about every member of a manifest', () => {
    const silent = [...placesIn(schemaOf('runbook'))].filter(
      ([path, node]) => node['description'] === undefined && !/\[\]$|\.\*|condition\./.test(path) && path !== 'match.*',
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it.each(['runbook', 'rehearsal'])('describes no member that a %s does not have', (name) => {
    const places = placesIn(schemaOf(name));
    expect(Object.keys(described[name]).filter((path) => !places.has(path))).toEqual([]);
  });
});
