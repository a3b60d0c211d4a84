import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, parseDocument, visit } from 'yaml';
import { type JsonNode, JsonTextError, readJson } from '../../event-pattern/json-text.ts';

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

/** What came of reading a file: what it holds, or what keeps it from being read. */
interface Contents {
  readonly problems: readonly Problem[];
  readonly value: unknown;
}

/** A folder of that name, or a file where a folder should be, is as good as none. */
const notThere = new Set<unknown>(['ENOENT', 'EISDIR', 'ENOTDIR']);

/** A path into what a file holds, from the outside in. */
export type Path = readonly PropertyKey[];

/** Makes a problem of one place in a file. */
export type ProblemAt = (message: string) => Problem;

/** Writes a problem as `file:line:column: what`. */
export function problemText({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** A YAML or JSON file that knows where in its text each value stands. It is parsed when somebody asks. */
export class SourceFile {
  readonly shownAs: string;
  readonly text: string;
  readonly #isJson: boolean;
  #parsed: Document.Parsed | undefined;
  #contents: Contents | undefined;

  /** Reads a file, or answers undefined when it is not there. */
  static read(file: string, shownAs: string, isJson?: boolean): SourceFile | undefined {
    try {
      const bytes = readFileSync(file);
      const source = new SourceFile(bytes.toString('utf8'), shownAs, isJson);
      if (!isUtf8(bytes)) source.#contents = wrong([source.atOffset(0, 'is not UTF-8; save it in that encoding.')]);
      return source;
    } catch (error) {
      if (error instanceof Error && 'code' in error && notThere.has(error.code)) return undefined;
      throw error;
    }
  }

  constructor(text: string, shownAs: string, isJson = shownAs.endsWith('.json')) {
    this.shownAs = shownAs;
    this.text = text;
    this.#isJson = isJson;
  }

  /** What keeps it from being read. */
  get syntaxProblems(): readonly Problem[] {
    return this.#read().problems;
  }

  /** What it holds; undefined when it cannot be read. */
  get value(): unknown {
    return this.#read().value;
  }

  #read(): Contents {
    this.#contents ??= this.#isJson ? this.#readJson() : this.#readYaml();
    return this.#contents;
  }

  /** YAML is read from JSON too: so both tell where a value stands. */
  get #document(): Document.Parsed {
    this.#parsed ??= parseDocument(this.text, { uniqueKeys: true });
    return this.#parsed;
  }

  /** A problem at the nearest value on the way to `path`. */
  at(path: Path, message: string, severity: Problem['severity'] = 'problem'): Problem {
    return this.atOffset(this.#offsetOf(path), message, severity);
  }

  /** A problem at the name of the member that `path` ends with. */
  atKey(path: Path, message: string): Problem {
    const parent: unknown = this.#document.getIn(path.slice(0, -1).map(String), true);
    const keys: readonly unknown[] = isMap(parent) ? parent.items.map((item) => item.key) : [];
    const key = keys.find((one) => isScalar(one) && String(one.value) === String(path.at(-1)));
    return isNode(key) && key.range ? this.atOffset(key.range[0], message) : this.at(path, message);
  }

  atOffset(offset: number, message: string, severity: Problem['severity'] = 'problem'): Problem {
    const lines = this.text.slice(0, offset).split('\n');
    return { file: this.shownAs, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, message, severity };
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
      const names = path.slice(0, length);
      const node: unknown = this.#document.getIn(names.map(String), true) ?? this.#document.getIn(names, true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  }

  #readYaml(): Contents {
    const problems = this.#document.errors.map(({ pos, message }) =>
      this.atOffset(
        pos[0],
        `is not YAML: ${message.split('\n')[0]?.replace(/ at line \d+, column \d+:$/, '')}. Correct the text here.`,
      ),
    );
    if (problems.length === 0) problems.push(...this.#aliasProblems());
    if (problems.length > 0) return wrong(problems);
    try {
      return { problems, value: this.#document.toJS() };
    } catch (error) {
      // Aliases of aliases, which the parser does not follow without end.
      if (!(error instanceof ReferenceError)) throw error;
      return wrong([this.atOffset(0, `is not read: ${error.message}.`)]);
    }
  }

  #aliasProblems(): readonly Problem[] {
    const problems: Problem[] = [];
    visit(this.#document, {
      Alias: (_, alias, path) => {
        const meant = alias.resolve(this.#document);
        if (meant && path.includes(meant))
          problems.push(this.atOffset(alias.range?.[0] ?? 0, `*${alias.source} stands within what it stands for.`));
        if (!meant)
          problems.push(
            this.atOffset(
              alias.range?.[0] ?? 0,
              `*${alias.source} stands for what is called &${alias.source}, and nothing is; put a text that begins with * into quotes.`,
            ),
          );
      },
    });
    return problems;
  }

  #readJson(): Contents {
    if (this.text.startsWith('\uFEFF'))
      return wrong([this.atOffset(0, 'begins with a byte order mark, which JSON may not; save it without one.')]);
    try {
      const problems = [...repeatedKeys(readJson(this.text))].map((offset) =>
        this.atOffset(offset, 'stands here twice; of two members with one name JSON keeps the last.'),
      );
      return problems.length > 0 ? wrong(problems) : { problems, value: JSON.parse(this.text) };
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      const why = error.message.replace(/\.?$/, '.');
      return wrong([this.atOffset(error.at, `is not JSON: ${why} Correct the text here.`)]);
    }
  }
}

function wrong(problems: readonly Problem[]): Contents {
  return { problems, value: undefined };
}

/** Where a key stands that its object has already. */
function* repeatedKeys(node: JsonNode): Generator<number> {
  if (node.kind === 'array') for (const item of node.items) yield* repeatedKeys(item);
  if (node.kind !== 'object') return;
  const seen = new Set<string>();
  for (const [index, [key, value]] of node.entries.entries()) {
    if (seen.has(key)) yield node.keysAt[index] ?? node.at;
    seen.add(key);
    yield* repeatedKeys(value);
  }
}

function longestMember(value: unknown, text: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(value)
    .filter((name) => text.startsWith(name) && /^($|[/.[])/.test(text.slice(name.length)))
    .toSorted((a, b) => b.length - a.length)[0];
}
