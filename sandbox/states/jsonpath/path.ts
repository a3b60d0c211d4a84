/** One step of a path. */
export type PathStep =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly filter: Filter };

/** A condition in `[?(...)]` over each element, called `@`. */
export type Filter =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand };

/** What a filter compares: a literal or a path. */
export type Operand = { readonly literal: null | boolean | number | string } | { readonly path: Path };

/** A parsed path. `root` is `$` for the input, `$$` for the context object, `@` for a filter's element, else a variable's name. */
export interface Path {
  readonly text: string;
  readonly root: string;
  readonly steps: readonly PathStep[];
}

/** Raised for a text that is not a path, or one of a kind that the sandbox lacks; the message says why. */
export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError' as const;
  readonly isUnsupported: boolean;

  constructor(message: string, isUnsupported: boolean) {
    super(message);
    this.isUnsupported = isUnsupported;
  }
}

const parsed = new Map<string, Path>();

/** Parses a path such as `$.a[0]`, `$$.Execution.Name` or `$variable.a`. Throws a `PathSyntaxError`. */
export function parsePath(text: string): Path {
  const known = parsed.get(text);
  if (known) return known;
  const reader = new PathReader(text);
  const path = reader.readPath();
  reader.expectEnd();
  parsed.set(text, path);
  return path;
}

/** True when a path gives one value: no wildcard, slice, filter or descent, and several names only at the end. */
export function isDefinite(path: Path): boolean {
  return path.steps.every(
    (step, index) =>
      (step.kind === 'names' && (step.names.length === 1 || index === path.steps.length - 1)) ||
      (step.kind === 'indexes' && step.indexes.length === 1),
  );
}

const NAME = /[\p{L}\p{N}_-]+/uy;
const VARIABLE = /[\p{ID_Start}_][\p{ID_Continue}\u200c\u200d]*/uy;
const INTEGER = /-?\d+/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const OPERATOR = /==|!=|<=|>=|<|>/y;

class PathReader {
  readonly #text: string;
  #at = 0;
  /** Filters and functions have forms in AWS that this reader does not know. */
  #isBeyond = false;

  constructor(text: string) {
    this.#text = text;
  }

  readPath(): Path {
    const from = this.#at;
    const root = this.#readRoot();
    const steps: PathStep[] = [];
    while (this.#peek() === '.' || this.#peek() === '[') steps.push(...this.#readStep());
    return { text: this.#text.slice(from, this.#at), root, steps };
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) this.#fail(`unexpected '${this.#peek()}'`);
  }

  #readRoot(): string {
    if (this.#take('@')) return '@';
    if (!this.#take('$')) this.#fail('a path starts with $');
    if (this.#take('$')) return '$$';
    return this.#match(VARIABLE) ?? '$';
  }

  #readStep(): PathStep[] {
    if (this.#take('[')) return [this.#readBracket()];
    this.#take('.');
    const descent: PathStep[] = this.#take('.') ? [{ kind: 'descend' }] : [];
    if (this.#take('[')) return [...descent, this.#readBracket()];
    if (this.#take('*')) return [...descent, { kind: 'wildcard' }];
    const name = this.#match(NAME);
    if (name === undefined) this.#fail('a name must follow the dot');
    if (this.#peek() === '(') this.#failBeyond(`the function ${name}()`);
    return [...descent, { kind: 'names', names: [name] }];
  }

  #readBracket(): PathStep {
    this.#skipSpace();
    if (this.#take('?')) return this.#readFilterStep();
    if (this.#take('*')) return this.#close({ kind: 'wildcard' });
    if (this.#peek() === "'" || this.#peek() === '"') {
      return this.#close({ kind: 'names', names: this.#readList(() => this.#readQuoted()) });
    }
    return this.#readNumbers();
  }

  #readNumbers(): PathStep {
    const first = this.#readInteger();
    this.#skipSpace();
    if (this.#take(':')) {
      const to = this.#readInteger();
      if (first === undefined && to === undefined) this.#fail('a slice has a start or an end');
      return this.#close({ kind: 'slice', from: first, to });
    }
    if (first === undefined) this.#fail('brackets hold a quoted name, an index, a slice, * or a filter');
    const indexes = [first];
    while (this.#take(',')) indexes.push(this.#readInteger() ?? this.#fail('an index must follow the comma'));
    return this.#close({ kind: 'indexes', indexes });
  }

  #readFilterStep(): PathStep {
    this.#isBeyond = true;
    this.#expect('(');
    const filter = this.#readAny();
    this.#expect(')');
    this.#isBeyond = false;
    return this.#close({ kind: 'filter', filter });
  }

  #readAny(): Filter {
    const of = [this.#readAll()];
    while (this.#takeWord('||')) of.push(this.#readAll());
    return of.length === 1 && of[0] ? of[0] : { kind: 'any', of };
  }

  #readAll(): Filter {
    const of = [this.#readTerm()];
    while (this.#takeWord('&&')) of.push(this.#readTerm());
    return of.length === 1 && of[0] ? of[0] : { kind: 'all', of };
  }

  #readTerm(): Filter {
    this.#skipSpace();
    if (this.#take('!')) return { kind: 'not', of: this.#readTerm() };
    if (this.#take('(')) {
      const inner = this.#readAny();
      this.#expect(')');
      return inner;
    }
    const left = this.#readOperand();
    this.#skipSpace();
    const operator = this.#match(OPERATOR);
    if (operator !== undefined) return { kind: 'compare', operator, left, right: this.#readOperand() };
    if ('path' in left) return { kind: 'exists', path: left.path };
    return this.#fail('a literal alone is not a condition');
  }

  #readOperand(): Operand {
    this.#skipSpace();
    const next = this.#peek();
    if (next === '@' || next === '$') return { path: this.readPath() };
    if (next === "'" || next === '"') return { literal: this.#readQuoted() };
    for (const [word, literal] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#takeWord(word)) return { literal };
    }
    const number = this.#match(NUMBER);
    return number === undefined ? this.#fail('a condition compares paths and literals') : { literal: Number(number) };
  }

  #readList<T>(readItem: () => T): T[] {
    const items = [readItem()];
    this.#skipSpace();
    while (this.#take(',')) {
      this.#skipSpace();
      items.push(readItem());
      this.#skipSpace();
    }
    return items;
  }

  #readQuoted(): string {
    const quote = this.#peek();
    if (quote !== "'" && quote !== '"') this.#fail('a quoted name is missing');
    this.#at += 1;
    let text = '';
    while (this.#peek() !== quote) {
      if (this.#peek() === '') this.#fail('a quote is not closed');
      if (this.#peek() === '\\' && [quote, '\\'].includes(this.#text.charAt(this.#at + 1))) this.#at += 1;
      text += this.#peek();
      this.#at += 1;
    }
    this.#at += 1;
    return text;
  }

  #readInteger(): number | undefined {
    this.#skipSpace();
    const text = this.#match(INTEGER);
    return text === undefined ? undefined : Number(text);
  }

  #close<T extends PathStep>(step: T): T {
    this.#expect(']');
    return step;
  }

  #expect(character: string): void {
    this.#skipSpace();
    if (!this.#take(character)) this.#fail(`'${character}' is missing`);
  }

  #takeWord(word: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #skipSpace(): void {
    while (this.#peek() === ' ') this.#at += 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #failBeyond(what: string): never {
    this.#isBeyond = true;
    this.#fail(what);
  }

  #fail(reason: string): never {
    throw new PathSyntaxError(`${reason} (at character ${this.#at + 1} of ${this.#text})`, this.#isBeyond);
  }
}
