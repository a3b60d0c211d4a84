import { type Path, parsePath } from './path.ts';

/** An argument of an intrinsic function. */
export type IntrinsicArgument =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'call'; readonly call: IntrinsicCall };

/** A parsed call such as `States.Format('Hello {}', $.name)`. */
export interface IntrinsicCall {
  readonly text: string;
  readonly name: string;
  readonly arguments: readonly IntrinsicArgument[];
}

/** Raised for a text that is not a call of an intrinsic function; the message says why. */
export class IntrinsicSyntaxError extends Error {
  override readonly name = 'IntrinsicSyntaxError' as const;
}

const CALL_NAME = /States\.[A-Za-z0-9]+/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=\s*[,)])/y;
const WORD = /(?:true|false|null)(?=\s*[,)])/y;

/** Parses a call. Throws an `IntrinsicSyntaxError` or a `PathSyntaxError`. */
export function parseIntrinsicCall(text: string): IntrinsicCall {
  const reader = new CallReader(text);
  const call = reader.readCall();
  reader.expectEnd();
  return call;
}

class CallReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readCall(): IntrinsicCall {
    const from = this.#at;
    const name = this.#match(CALL_NAME) ?? this.#fail('the name of an intrinsic function is missing');
    this.#skipSpace();
    if (!this.#take('(')) this.#fail("'(' is missing");
    const args = this.#readArguments();
    return { text: this.#text.slice(from, this.#at), name, arguments: args };
  }

  expectEnd(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail(`unexpected '${this.#peek()}'`);
  }

  #readArguments(): IntrinsicArgument[] {
    this.#skipSpace();
    if (this.#take(')')) return [];
    const found = [this.#readArgument()];
    while (this.#take(',')) found.push(this.#readArgument());
    if (!this.#take(')')) this.#fail("')' is missing");
    return found;
  }

  #readArgument(): IntrinsicArgument {
    this.#skipSpace();
    const argument = this.#readOne();
    this.#skipSpace();
    return argument;
  }

  #readOne(): IntrinsicArgument {
    if (this.#peek() === "'") return { kind: 'literal', value: this.#readText() };
    if (this.#peek() === '$') return { kind: 'path', path: this.#readPath() };
    if (this.#text.startsWith('States.', this.#at)) return { kind: 'call', call: this.readCall() };
    const word = this.#match(WORD);
    if (word !== undefined) return { kind: 'literal', value: word === 'null' ? null : word === 'true' };
    const number =
      this.#match(NUMBER) ?? this.#fail('an argument is a text in single quotes, a number, a path or a call');
    return { kind: 'literal', value: Number(number) };
  }

  /** A path ends where its brackets are closed and a comma, a space or the call's own `)` follows. */
  #readPath(): Path {
    const from = this.#at;
    let depth = 0;
    let quote = '';
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#peek();
      if (quote) quote = character === quote ? '' : quote;
      else if (depth > 0 && (character === "'" || character === '"')) quote = character;
      else if (character === '[' || character === '(') depth += 1;
      else if (depth > 0 && (character === ']' || character === ')')) depth -= 1;
      else if (depth === 0 && /[,)\s]/.test(character)) break;
    }
    return parsePath(this.#text.slice(from, this.#at));
  }

  #readText(): string {
    this.#at += 1;
    let text = '';
    while (this.#peek() !== "'") {
      if (this.#peek() === '') this.#fail('a quote is not closed');
      if (this.#peek() === '\\') text += this.#readEscape();
      else text += this.#peek();
      this.#at += 1;
    }
    this.#at += 1;
    return text;
  }

  /** Braces keep their backslash: only `States.Format` gives them a meaning. */
  #readEscape(): string {
    this.#at += 1;
    const escaped = this.#peek();
    if (escaped === '{' || escaped === '}') return `\\${escaped}`;
    if (escaped === "'" || escaped === '\\') return escaped;
    return this.#fail(`'\\${escaped}' is not an escape; \\', \\{, \\} and \\\\ are`);
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
    while (/\s/.test(this.#peek())) this.#at += 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fail(reason: string): never {
    throw new IntrinsicSyntaxError(`${reason} (at character ${this.#at + 1} of ${this.#text})`);
  }
}
