import { readFileSync, writeFileSync } from 'node:fs';
import { isMap, isNode, type Pair, parseDocument, stringify } from 'yaml';
import { checkExpectations, type Happened } from './check-expectations.ts';
import type { Expectation } from './rehearsal-schema.ts';

/** What people do at the end of every play, which no runbook answers for. */
const byPeople = ['closed', 'acknowledged'];

/**
 * Writes what happened into a rehearsal file where something else is expected; every other character of it stays. Of the
 * findings it keeps those that the file names, or all where it expects nothing yet. Answers whether anything was written.
 */
export function updateExpectations(file: string, happened: Happened, before: Expectation | undefined): boolean {
  const findings = Object.entries(happened.findings).filter(
    ([name]) => !before || Object.hasOwn(before.findings, name),
  );
  const told = happened.told.filter((kind) => !byPeople.includes(kind));
  const all: Readonly<Record<string, unknown>> = {
    outcome: happened.outcome,
    path: happened.path,
    findings: Object.fromEntries(findings),
    mutations: happened.mutations,
    told: endsByPerson(happened) ? told.filter((kind) => kind !== 'resolved') : told,
  };
  const differing = before ? checkExpectations(before, happened).map(({ what }) => what) : Object.keys(all);
  if (differing.length === 0) return false;
  const lineOf = (key: string) => `${key}: ${inALine(all[key])}`;
  const text = readFileSync(file, 'utf8');
  const pairs = pairsOf(text);
  const expected = pairs.find(isCalled('expect'));
  // What stands in one line is written anew, over several.
  const isWritten = isMap(expected?.value) && !expected.value.flow;
  const block = ['expect:', ...Object.keys(all).map((key) => `  ${lineOf(key)}`)].join('\n');
  const written = isWritten
    ? differing.reduce((changed, key) => withMember(changed, key, lineOf(key)), text)
    : expected
      ? withInstead(text, expected, block)
      : `${text.trimEnd()}\n${block}\n`;
  writeFileSync(file, written);
  return true;
}

/** Whoever is called resolves the incident at the end of the play. */
function endsByPerson({ outcome }: Happened): boolean {
  return outcome !== 'recovered';
}

function withMember(text: string, key: string, line: string): string {
  const members = pairsOf(text, 'expect');
  const member = members.find(isCalled(key));
  if (member) return withInstead(text, member, line);
  const [first, last] = [members[0], members.at(-1)];
  if (!first || !last) return text;
  const { start } = rangeOf(text, first);
  const indent = ' '.repeat(start - text.lastIndexOf('\n', start) - 1);
  const { end } = rangeOf(text, last);
  const endOfLine = text.indexOf('\n', end);
  const at = endOfLine === -1 ? text.length : endOfLine;
  return `${text.slice(0, at)}\n${indent}${line}${text.slice(at)}`;
}

function withInstead(text: string, pair: Pair, instead: string): string {
  const { start, end } = rangeOf(text, pair);
  return text.slice(0, start) + instead + text.slice(end);
}

/** From the key to the last character of the value. */
function rangeOf(text: string, { key, value }: Pair): { readonly start: number; readonly end: number } {
  const start = (isNode(key) && key.range?.[0]) || 0;
  const end = (isNode(value) && value.range?.[1]) || start;
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function pairsOf(text: string, ...path: readonly string[]): readonly Pair[] {
  const map: unknown = parseDocument(text).getIn(path, true);
  return isMap(map) ? map.items : [];
}

function isCalled(key: string): (pair: Pair) => boolean {
  return (pair) => String(pair.key) === key;
}

/** As the rehearsals of this repository are written: `[a, b]` and `{ a: b }`. */
function inALine(value: unknown): string {
  const flow = { collectionStyle: 'flow', flowCollectionPadding: !Array.isArray(value), lineWidth: 0 } as const;
  return stringify(value, flow).trimEnd();
}
