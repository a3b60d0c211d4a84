import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument, type YAMLParseError } from 'yaml';
import type { z } from 'zod';

/** One thing wrong with one file: `file:line:column: what, and what to do`. */
export type Problem = string;

/** What a file holds once it fits its schema, or everything that is wrong with it; `at` says where a path stands. */
export interface ReadYaml<Value> {
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
  readonly at: (path: readonly PropertyKey[], message: string) => Problem;
}

/** Reads a YAML file against a schema, and reports every problem with its place in the file. */
export function readYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  shownAs = file,
): ReadYaml<z.output<Schema>> {
  const text = readText(file);
  if (text === undefined) {
    const at = (_path: readonly PropertyKey[], message: string) => `${shownAs}: ${message}`;
    return {
      value: undefined,
      problems: [`${shownAs}: is not there; create it, or look at the ones in the repository.`],
      at,
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (path: readonly PropertyKey[], message: string) =>
    `${shownAs}:${placeOf(document, lines, path)}: ${message}`;
  const problems = syntaxProblems(document, lines, shownAs);
  if (problems.length > 0) return { value: undefined, problems, at };
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { value: parsed.data, problems: [], at };
  return { value: undefined, problems: parsed.error.issues.map((issue) => at(pathOf(issue), messageOf(issue))), at };
}

/** What keeps a file from being YAML, with its place in the file. None where it is YAML, or is not there. */
export function yamlProblems(file: string, shownAs: string): readonly Problem[] {
  const lines = new LineCounter();
  return syntaxProblems(parseDocument(readText(file) ?? '', { lineCounter: lines }), lines, shownAs);
}

/** What the deployment and `validate` say alike. Where it stands is said before it, and not once more as the parser does. */
export function notYaml({ message }: YAMLParseError): string {
  return `is not YAML: ${message.split('\n')[0]?.replace(/ at line \d+, column \d+:$/, '')}. Correct the text here.`;
}

function syntaxProblems(
  { errors }: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  shownAs: string,
): readonly Problem[] {
  return errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `${shownAs}:${line}:${col}: ${notYaml(error)}`;
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A key that nobody knows is reported where it stands, not where its object begins. */
function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
}

function messageOf(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return `${issue.keys.join(', ')}: nobody knows this; correct it or take it out.`;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return `${name}: is missing; add it.`;
  return name ? `${name}: ${issue.message}` : issue.message;
}

/** Line and column of the nearest node on the way to `path`. */
function placeOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: readonly PropertyKey[]): string {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown =
      document.getIn(path.slice(0, length).map(String), true) ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return `${line}:${col}`;
    }
  }
  return '1:1';
}
