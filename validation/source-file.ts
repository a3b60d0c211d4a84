import { readFileSync } from 'node:fs';
import { isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { JsonTextError, readJson } from '../event-pattern/json-text.ts';
import { notJson } from '../infra/config/json-file.ts';
import { notYaml } from '../infra/config/yaml-file.ts';

/** One thing wrong with one file, and where. */
export interface Problem {
  /** Relative to the project, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What is wrong, and what to do. */
  readonly message: string;
  /** An advice is shown and fails nothing. */
  readonly severity: 'problem' | 'advice';
}

/** A path into what a file holds, from the outside in. */
export type Path = readonly PropertyKey[];

/** A YAML or JSON file that knows where in its text each value stands. */
export class SourceFile {
  readonly shownAs: string;
  readonly text: string;
  /** What it holds; undefined when it cannot be parsed. */
  readonly value: unknown;
  readonly syntaxProblems: readonly Problem[];
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();

  /** Reads a file, or answers undefined when it is not there. */
  static read(file: string, shownAs: string): SourceFile | undefined {
    try {
      return new SourceFile(readFileSync(file, 'utf8'), shownAs);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  constructor(text: string, shownAs: string) {
    this.shownAs = shownAs;
    this.text = text;
    // YAML is read from JSON too: so both tell where a value stands.
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true });
    this.syntaxProblems = shownAs.endsWith('.json') ? this.#jsonProblems() : this.#yamlProblems();
    this.value = this.syntaxProblems.length === 0 ? this.#document.toJS() : undefined;
  }

  /** A problem at the nearest value on the way to `path`. */
  at(path: Path, message: string, severity: Problem['severity'] = 'problem'): Problem {
    return this.atOffset(this.#offsetOf(path), message, severity);
  }

  /** A problem at the name of the member that `path` ends with. */
  atKey(path: Path, message: string): Problem {
    const parent: unknown = this.#document.getIn(path.slice(0, -1).map(String), true);
    const items: readonly unknown[] =
      typeof parent === 'object' && parent !== null && 'items' in parent && Array.isArray(parent.items)
        ? parent.items
        : [];
    const key = items
      .map((item) => (typeof item === 'object' && item !== null && 'key' in item ? item.key : undefined))
      .find((candidate) => isScalar(candidate) && String(candidate.value) === String(path.at(-1)));
    return isNode(key) && key.range ? this.atOffset(key.range[0], message) : this.at(path, message);
  }

  atOffset(offset: number, message: string, severity: Problem['severity'] = 'problem'): Problem {
    const { line, col: column } = this.#lines.linePos(Math.min(offset, this.text.length));
    return { file: this.shownAs, line: Math.max(1, line), column: Math.max(1, column), message, severity };
  }

  /**
   * The path that a pointer such as `/States/Call Person/Catch[0]` or `mainSteps[0].inputs.Api` spells. Names may hold the
   * separator: of two members that fit, the longer is meant.
   */
  pathOf(pointer: string): Path {
    const path: PropertyKey[] = [];
    let rest = pointer;
    let value = this.value;
    while (rest !== '') {
      const index = /^\[(\d+)\]/.exec(rest);
      if (index) {
        path.push(Number(index[1]));
        value = Array.isArray(value) ? value[Number(index[1])] : undefined;
        rest = rest.slice(index[0].length);
        continue;
      }
      rest = rest.replace(/^[/.]/, '');
      const name = longestMember(value, rest) ?? /^[^/.[]*/.exec(rest)?.[0] ?? '';
      if (name === '') break;
      path.push(name);
      value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
      rest = rest.slice(name.length);
    }
    return path;
  }

  #offsetOf(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const node: unknown = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  }

  #yamlProblems(): readonly Problem[] {
    return this.#document.errors.map((error) => this.atOffset(error.pos[0], notYaml(error)));
  }

  #jsonProblems(): readonly Problem[] {
    try {
      readJson(this.text);
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      return [this.atOffset(error.at, notJson(error))];
    }
    return this.#document.errors
      .filter(({ code }) => code === 'DUPLICATE_KEY')
      .map((error) =>
        this.atOffset(error.pos[0], 'stands here twice; of two members with one name JSON keeps the last.'),
      );
  }
}

function longestMember(value: unknown, text: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value)
    .filter((name) => text.startsWith(name) && /^($|[/.[])/.test(text.slice(name.length)))
    .toSorted((a, b) => b.length - a.length)[0];
}
