/** Deepest nesting that is read. The formats that Handsoff takes need 8; DynamoDB stores 32. */
export const maxJsonDepth = 32;

/** Most members that one object may have. */
export const maxJsonKeys = 1000;

/** Why a text is not read as JSON; a closed union, because it is also the reason in quarantine. */
export type JsonRefusal = 'not-utf8' | 'not-json' | 'too-deep' | 'too-many-keys' | 'duplicate-key';

/** The value of a JSON text, or why it is not read. */
export type LimitedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: JsonRefusal };

/** Members that would reach an object's prototype where somebody copies them carelessly. They are dropped wherever they stand. */
export const strippedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads JSON of outside origin. The limits are checked on the text, before anything is built from it; so one pass and no
 * more memory than the text's own is all that a hostile text costs. Never throws.
 */
export function readLimitedJson(body: Uint8Array): LimitedJson {
  const text = decode(body);
  if (text === undefined) return { ok: false, reason: 'not-utf8' };
  const scan = scanJson(text);
  if ('refusal' in scan) return { ok: false, reason: scan.refusal };
  try {
    const value: unknown = JSON.parse(scan.exact);
    return { ok: true, value: scan.hasStrippedKeys ? strip(value) : value };
  } catch {
    return { ok: false, reason: 'not-json' };
  }
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

type Scan =
  | { readonly refusal: JsonRefusal }
  /** The text with every integer that JSON.parse would round as a string: two ids that differ must not become one. */
  | { readonly exact: string; readonly hasStrippedKeys: boolean };

const numberToken = /[-\d][\d.eE+-]*/y;

/** Finds what JSON.parse would let through: depth, number of members, names that come twice. It leaves syntax to JSON.parse. */
function scanJson(text: string): Scan {
  const open: (Set<string> | undefined)[] = [];
  let hasStrippedKeys = false;
  let exact = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined);
      if (open.length > maxJsonDepth) return { refusal: 'too-deep' };
    } else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isFollowedByColon(text, end)) {
        const key = keyOf(text.slice(at, end));
        const refusal = addKey(keys, key);
        if (refusal) return { refusal };
        hasStrippedKeys ||= strippedKeys.has(key);
      }
      at = end - 1;
    } else if (character === '-' || (character !== undefined && character >= '0' && character <= '9')) {
      const number = numberAt(text, at);
      if (isRounded(number) && !isFollowedByColon(text, at + number.length)) {
        exact += `${text.slice(copied, at)}"${number}"`;
        copied = at + number.length;
      }
      at += number.length - 1;
    }
  }
  return { exact: exact + text.slice(copied), hasStrippedKeys };
}

function numberAt(text: string, at: number): string {
  numberToken.lastIndex = at;
  return numberToken.exec(text)?.[0] ?? '';
}

function isRounded(number: string): boolean {
  return /^-?[1-9]\d{15,}$/.test(number) && !Number.isSafeInteger(Number(number));
}

/** The offset after the closing quote of the string that begins at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at += 1;
  return text[at] === ':';
}

/** The name that a quoted key spells: `"\u0061"` and `"a"` are the same. A broken one stays as it is, for JSON.parse to refuse. */
function keyOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

function addKey(keys: Set<string>, key: string): JsonRefusal | undefined {
  if (keys.has(key)) return 'duplicate-key';
  keys.add(key);
  return keys.size > maxJsonKeys ? 'too-many-keys' : undefined;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !strippedKeys.has(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, strip(member)]));
}
