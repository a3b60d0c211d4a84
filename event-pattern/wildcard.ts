import { quote, type Matcher } from './field-value.ts';
import { PatternProblem } from './invalid-event-pattern-error.ts';
import type { JsonNode } from './json-text.ts';
import { stringOf } from './text-matchers.ts';

/** A wildcard as a list of single characters and `ANY`, which stands for any run of characters, also none. */
export type WildcardToken = string | typeof ANY;
export const ANY = Symbol('any run of characters');

/** `{"wildcard": "a*b"}`. */
export function compileWildcard(node: JsonNode): Matcher {
  return matchesWildcard(wildcardTokens(stringOf(node, 'wildcard match pattern must be a string'), node.at));
}

/** Strings that the whole wildcard matches. */
export function matchesWildcard(tokens: readonly WildcardToken[]): Matcher {
  return ({ text }) => matchTokens(tokens, text);
}

/**
 * Splits a wildcard between its quotes: `*` is any run, `\*` and `\\` are the characters. Throws a `PatternProblem` for
 * adjacent `**` and for any other escape, with the position in UTF-8 bytes as AWS counts it (the quote is byte 0).
 */
export function wildcardTokens(value: string, at: number): readonly WildcardToken[] {
  const characters = quote(value);
  const tokens: WildcardToken[] = [];
  for (let index = 0; index < characters.length; index++) {
    const character = characters.charAt(index);
    const next = characters[index + 1];
    if (character === '*') {
      if (next === '*') throw problem('Consecutive wildcard characters', characters, index, at);
      tokens.push(ANY);
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') throw problem('Invalid escape character', characters, index, at);
      tokens.push(next);
      index += 1;
    } else tokens.push(character);
  }
  return tokens;
}

function problem(reason: string, characters: string, index: number, at: number): PatternProblem {
  return new PatternProblem(`${reason} at pos ${Buffer.byteLength(characters.slice(0, index))}`, at);
}

// Going back to the last `*` alone keeps this linear in practice; a regular expression would backtrack over all of them.
function matchTokens(tokens: readonly WildcardToken[], text: string): boolean {
  let token = 0;
  let retry: { token: number; index: number } | undefined;
  for (let index = 0; index < text.length; ) {
    if (tokens[token] === ANY) {
      retry = { token: token + 1, index };
      token += 1;
    } else if (tokens[token] === text[index]) {
      token += 1;
      index += 1;
    } else {
      if (!retry) return false;
      retry.index += 1;
      ({ token, index } = retry);
    }
  }
  while (tokens[token] === ANY) token += 1;
  return token === tokens.length;
}
