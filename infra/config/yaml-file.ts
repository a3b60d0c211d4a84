import type { z } from 'zod';
import { type Path, type Problem, SourceFile } from './source-file.ts';

/** What a file holds once it fits its schema, or everything that is wrong with it; `at` says where a path stands. */
export interface ReadYaml<Value> {
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
  readonly at: (path: Path, message: string) => Problem;
}

/** Reads a YAML file against a schema, and reports every problem with its place in the file. */
export function readYaml<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  shownAs: string,
): ReadYaml<z.output<Schema>> {
  const source = SourceFile.read(file, shownAs);
  if (source) return fitYaml(source, schema);
  const nothing = new SourceFile('', shownAs);
  return {
    value: undefined,
    problems: [nothing.at([], 'is not there; create it, or look at the ones in the repository.')],
    at: (path, message) => nothing.at(path, message),
  };
}

/** What a file holds that is read already, as `readYaml` says it. */
export function fitYaml<Schema extends z.ZodType>(source: SourceFile, schema: Schema): ReadYaml<z.output<Schema>> {
  const at = (path: Path, message: string) => source.at(path, message);
  const { syntaxProblems } = source;
  if (syntaxProblems.length > 0) return { value: undefined, problems: syntaxProblems, at };
  const parsed = schema.safeParse(source.value);
  if (parsed.success) return { value: parsed.data, problems: [], at };
  // A key that nobody knows, or that is no name, is reported where it stands, not where its value begins.
  const problems = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return source.atKey([...issue.path, issue.keys[0] ?? ''], messageOf(issue));
    if (issue.code === 'invalid_key') return source.atKey(issue.path, messageOf(issue));
    return at(issue.path, messageOf(issue));
  });
  return { value: undefined, problems, at };
}

/** What keeps a file of YAML or JSON from being read. Nothing where it is not there. */
export function syntaxProblemsOf(file: string, shownAs: string): readonly Problem[] {
  return SourceFile.read(file, shownAs)?.syntaxProblems ?? [];
}

function messageOf(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return `${issue.keys.join(', ')}: nobody knows this; correct it or take it out.`;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return `${name}: is missing; add it.`;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received null'))
    return name ? `${name}: is empty; fill it in, or take it out.` : 'is empty; look at the one in the repository.';
  if (issue.code === 'invalid_key') return `${name}: ${issue.issues.map(({ message }) => message).join('; ')}`;
  return name ? `${name}: ${issue.message}` : issue.message;
}
