import { isRecord, recordAt } from '../functions/domain/fields.ts';
import { type Path, type ProblemAt, problemText, SourceFile } from './config/source-file.ts';

/** One Task state of a definition, and where it stands. */
export interface DefinitionTask {
  readonly state: string;
  readonly resource: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** A problem of the state's name. */
  readonly at: ProblemAt;
}

/** Every Task of a definition, those of Parallel and Map too. Throws for a file that cannot be read. */
export function readTasks(file: string, shownAs: string): readonly DefinitionTask[] {
  const source = SourceFile.read(file, shownAs) ?? new SourceFile('', shownAs);
  const { value, syntaxProblems } = source;
  if (syntaxProblems.length > 0) throw new Error(syntaxProblems.map(problemText).join('\n'));
  return tasksIn(value, [], source);
}

function tasksIn(node: unknown, path: Path, source: SourceFile): DefinitionTask[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, state]: [string, unknown]) => {
    const here = [...path, name];
    const inner = tasksIn(state, here, source);
    if (!isRecord(state) || state['Type'] !== 'Task' || !('Resource' in state)) return inner;
    const at: ProblemAt = (message) => source.atKey(here, message);
    return [
      { state: name, resource: String(state['Resource']), arguments: recordAt(state, 'Arguments'), at },
      ...inner,
    ];
  });
}
