import { substituteVariables } from './policy-variables.ts';
import { splitArn, type RequestContext } from './request.ts';

/** Tells whether a value fits a pattern of a policy. */
export type Matcher = (value: string, context: RequestContext) => boolean;

type Compile = (pattern: string) => (value: string) => boolean;

// What a policy variable stands for is literal, even when it holds a wildcard.
const LITERALS: Readonly<Record<string, string>> = { '\u{E000}': '\\*', '\u{E001}': '\\?' };
const SPECIAL = /[.*+?^${}()|[\]\\\u{E000}\u{E001}]/gu;

/** Compiles a pattern in which `*` is any text and `?` any character. */
export function compileWildcard(pattern: string): (value: string) => boolean {
  if (pattern === '*') return () => true;
  if (isLiteral(pattern)) return (value) => value === pattern;
  const source = pattern.replaceAll(SPECIAL, (character) => {
    if (character === '*') return '.*';
    return character === '?' ? '.' : (LITERALS[character] ?? `\\${character}`);
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => expression.test(value);
}

/**
 * Compiles an ARN pattern: each of the six fields is compared by itself, and fields that are missing fit anything.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function compileArn(pattern: string): (value: string) => boolean {
  if (pattern === '*') return () => true;
  const whole = splitArn(pattern);
  if (whole && isLiteral(pattern)) return (value) => value === pattern;
  const given = whole ?? pattern.split(':');
  const fields = Array.from({ length: 6 }, (_, index) => compileWildcard(given[index] ?? '*'));
  return (value) => splitArn(value)?.every((field, index) => fields[index]?.(field)) ?? false;
}

function isLiteral(pattern: string): boolean {
  return !/[*?\u{E000}\u{E001}]/u.test(pattern);
}

/** Compiles a pattern that may hold policy variables, which are filled in from the context of each request. */
export function compilePattern(pattern: string, compile: Compile, hasVariables: boolean): Matcher {
  if (!hasVariables || !pattern.includes('${')) return compile(pattern);
  const compiled = new Map<string, (value: string) => boolean>();
  return (value, context) => {
    const filled = substituteVariables(pattern, context);
    if (filled === undefined) return false;
    const matches = compiled.get(filled) ?? compile(filled);
    compiled.set(filled, matches);
    return matches(value);
  };
}
