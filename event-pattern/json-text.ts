/** A JSON value that still knows how it was written: the text of its numbers, every duplicate key, and where it stood. */
export type JsonNode =
  | {
      readonly kind: 'object';
      readonly at: number;
      readonly entries: readonly (readonly [string, JsonNode])[];
      /** Where the key of each entry stood. */
      readonly keysAt: readonly number[];
    }
  | { readonly kind: 'array'; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'number' | 'literal'; readonly at: number; readonly text: string };

/** Raised for text that is not JSON; `at` is the offset in UTF-16 code units of the first character that is wrong. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError' as const;
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const MAX_DEPTH = 1000;
const SPACE = ' \t\n\r';
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these characters inside a string.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /[^\s,:{}[\]"]+/y;

/**
 * Reads one JSON value (RFC 8259) and nothing after it. Throws `JsonTextError`; nesting deeper than 1,000 is refused, as
 * by the parser that AWS uses (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
 */
export function readJson(text: string): JsonNode {
  const reader = new Reader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

/** The node of a value that is already parsed: it stood nowhere, so every offset is 0. Throws for what JSON cannot hold. */
export function nodeOf(value: unknown): JsonNode {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new JsonTextError(`Unrecognized token '${String(value)}'`, 0);
  return nodeOfJson(JSON.parse(text), 0);
}

/** What is in it becomes nodes when somebody looks there: a pattern looks at little of an event. */
function nodeOfJson(value: unknown, depth: number): JsonNode {
  if (depth > MAX_DEPTH) throw tooDeep(0);
  if (typeof value === 'string') return { kind: 'string', at: 0, value };
  if (typeof value !== 'object' || value === null)
    return { kind: typeof value === 'number' ? 'number' : 'literal', at: 0, text: String(value) };
  if (Array.isArray(value)) {
    let items: readonly JsonNode[] | undefined;
    return {
      kind: 'array',
      at: 0,
      get items() {
        items ??= value.map((item) => nodeOfJson(item, depth + 1));
        return items;
      },
    };
  }
  let entries: (readonly [string, JsonNode])[] | undefined;
  return {
    kind: 'object',
    at: 0,
    keysAt: [],
    get entries() {
      entries ??= Object.entries(value).map(([key, member]) => [key, nodeOfJson(member, depth + 1)]);
      return entries;
    },
  };
}

function tooDeep(at: number): JsonTextError {
  return new JsonTextError(`Document nesting depth exceeds ${MAX_DEPTH}`, at);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    this.#skipSpace();
    const at = this.#at;
    if (depth > MAX_DEPTH) throw tooDeep(at);
    const first = this.#text[at];
    if (first === '{') return this.#object(at, depth);
    if (first === '[') return this.#array(at, depth);
    if (first === '"') return { kind: 'string', at, value: this.#string() };
    return this.#scalar(at);
  }

  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('end of input');
  }

  #object(at: number, depth: number): JsonNode {
    const entries: (readonly [string, JsonNode])[] = [];
    const keysAt: number[] = [];
    this.#at += 1;
    if (this.#skip('}')) return { kind: 'object', at, entries, keysAt };
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#unexpected('double-quote to start field name');
      keysAt.push(this.#at);
      const key = this.#string();
      if (!this.#skip(':')) throw this.#unexpected('a colon to separate field name and value');
      entries.push([key, this.value(depth + 1)]);
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#unexpected('comma to separate Object entries');
    return { kind: 'object', at, entries, keysAt };
  }

  #array(at: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at += 1;
    if (this.#skip(']')) return { kind: 'array', at, items };
    do items.push(this.value(depth + 1));
    while (this.#skip(','));
    if (!this.#skip(']')) throw this.#unexpected('comma to separate Array entries');
    return { kind: 'array', at, items };
  }

  #string(): string {
    const token = this.#take(STRING);
    if (token === undefined) throw this.#unexpected('a closed JSON String without control characters');
    return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
  }

  #scalar(at: number): JsonNode {
    const literal = this.#take(LITERAL);
    if (literal !== undefined) return this.#whole({ kind: 'literal', at, text: literal });
    const number = this.#take(NUMBER);
    if (number !== undefined) return this.#whole({ kind: 'number', at, text: number });
    throw this.#unexpected("JSON String, Number, Array, Object or token 'null', 'true' or 'false'");
  }

  #whole(node: JsonNode): JsonNode {
    WORD.lastIndex = this.#at;
    if (WORD.test(this.#text)) {
      this.#at = node.at;
      throw this.#unexpected("JSON String, Number, Array, Object or token 'null', 'true' or 'false'");
    }
    return node;
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && SPACE.includes(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #skip(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    const from = this.#at;
    pattern.lastIndex = from;
    if (!pattern.test(this.#text)) return undefined;
    this.#at = pattern.lastIndex;
    return this.#text.slice(from, this.#at);
  }

  #unexpected(expected: string): JsonTextError {
    WORD.lastIndex = this.#at;
    const found = WORD.exec(this.#text)?.[0] ?? this.#text[this.#at];
    const what = found === undefined ? 'Unexpected end-of-input' : `Unrecognized token '${found}'`;
    return new JsonTextError(`${what}: was expecting ${expected}`, this.#at);
  }
}
