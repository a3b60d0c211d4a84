import type { JsonNode } from './json-text.ts';
import { ANY, wildcardTokens, type WildcardToken } from './wildcard.ts';

/** The wildcards of one matcher: one, or all of an anything-but list. */
type Group = readonly (readonly WildcardToken[])[];

/** One token of one wildcard, as a place where a reader of a value may stand. */
interface Place {
  readonly any: boolean;
  readonly next: readonly Edge[];
}

interface Edge {
  readonly token: WildcardToken;
  readonly to: number;
}

const MAX_SETS_EXPLORED = 5000;

/**
 * The most wildcard prefixes of one field that a worst-case value matches at the same time, capped at `cap`. EventBridge
 * measures patterns by this and refuses those that would be slow.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function wildcardComplexity(root: JsonNode, cap: number): number {
  const groupsByField = new Map<string, Group[]>();
  collectGroups(root, '', false, groupsByField);
  return Math.max(0, ...[...groupsByField.values()].map((groups) => complexityOf(groups, cap)));
}

function collectGroups(node: JsonNode, field: string, insideArray: boolean, found: Map<string, Group[]>): void {
  if (node.kind === 'array') for (const item of node.items) collectGroups(item, field, true, found);
  if (node.kind !== 'object') return;
  for (const [key, value] of node.entries) {
    if (key === 'wildcard' && insideArray) addGroup(found, field, groupOf(value));
    else if (key === 'anything-but' || key === '$or') collectGroups(value, field, true, found);
    else collectGroups(value, `${field}.${key}`, false, found);
  }
}

// The same wildcards again, as in several alternatives of `$or`, cost nothing: they are the same matcher.
function addGroup(found: Map<string, Group[]>, field: string, group: Group): void {
  const groups = found.get(field) ?? [];
  if (!groups.some((other) => isSameGroup(other, group))) found.set(field, [...groups, group]);
}

function isSameGroup(one: Group, other: Group): boolean {
  return (
    one.length === other.length &&
    one.every((tokens, index) => {
      const others = other[index] ?? [];
      return tokens.length === others.length && tokens.every((token, at) => token === others[at]);
    })
  );
}

function groupOf(node: JsonNode): Group {
  const items = node.kind === 'array' ? node.items : [node];
  return items.flatMap((item) => (item.kind === 'string' ? [wildcardTokens(item.value, item.at)] : []));
}

function complexityOf(groups: readonly Group[], cap: number): number {
  const places = placesOf(groups);
  const alphabet = new Set(groups.flat(2).filter((token) => token !== ANY));
  const queue = [[0]];
  const seen = new Set<string>();
  let most = 0;
  for (let set = queue.pop(); set && most < cap && seen.size < MAX_SETS_EXPLORED; set = queue.pop()) {
    most = Math.max(most, set.length);
    for (const character of [...alphabet, '']) {
      const next = advance(places, set, character);
      const key = next.join();
      if (next.length > 0 && !seen.has(key)) queue.push(next);
      seen.add(key);
    }
  }
  return Math.min(most, cap);
}

// Wildcards of one group share the places of a common prefix; those of different groups count on their own.
function placesOf(groups: readonly Group[]): readonly Place[] {
  const places: { any: boolean; next: Edge[] }[] = [{ any: false, next: [] }];
  for (const group of groups) {
    const byPrefix = new Map<string, number>();
    for (const tokens of group) {
      let from = 0;
      let prefix = '';
      for (const token of tokens) {
        prefix += token === ANY ? '*' : `\\${token}`;
        const to = byPrefix.get(prefix) ?? places.push({ any: token === ANY, next: [] }) - 1;
        if (!byPrefix.has(prefix)) places[from]?.next.push({ token, to });
        byPrefix.set(prefix, to);
        from = to;
      }
    }
  }
  return places;
}

function advance(places: readonly Place[], set: readonly number[], character: string): number[] {
  const next = new Set<number>();
  for (const index of set) {
    const place = places[index];
    if (place?.any) next.add(index);
    for (const { token, to } of place?.next ?? []) if (token === character) next.add(to);
  }
  for (const index of next) {
    for (const { token, to } of places[index]?.next ?? []) if (token === ANY) next.add(to);
  }
  return [...next].sort((left, right) => left - right);
}
