import { asText, parseJson } from '../json.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Container {
  /** The names seen so far, for an object. */
  readonly names: Set<string> | undefined;
  readonly path: string;
  /** Where the next value stands. */
  at: string;
  index: number;
}

/** A name that an object has twice, and where: `JSON.parse` would drop the first silently. */
export interface Duplicate {
  readonly path: string;
  readonly name: string;
}

/** Finds every name that an object of a JSON text has twice. The text must be valid JSON. */
export function findDuplicates(text: string): readonly Duplicate[] {
  const open: Container[] = [];
  const found: Duplicate[] = [];
  let isName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const current = open.at(-1);
    if (token === '{' || token === '[') {
      const path = current?.at ?? '';
      open.push({ names: token === '{' ? new Set() : undefined, path, at: `${path}[0]`, index: 0 });
      isName = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      isName = false;
    } else if (token === ',' && current) {
      current.index += 1;
      current.at = `${current.path}[${current.index}]`;
      isName = current.names !== undefined;
    } else if (token === ':') {
      isName = false;
    } else if (isName && current?.names) {
      const name = asText(parseJson(token));
      current.at = `${current.path}/${name}`;
      if (current.names.has(name)) found.push({ path: current.at, name });
      current.names.add(name);
    }
  }
  return found;
}
