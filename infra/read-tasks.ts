import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';

/** One Task state of a definition, and where it stands. */
export interface DefinitionTask {
  readonly state: string;
  readonly resource: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** `file:line:column` of the state's name. */
  readonly at: string;
}

/** Every Task of a definition, those of Parallel and Map too. JSON is read as the YAML that it is, for the lines. */
export function readTasks(file: string, shownAs: string): readonly DefinitionTask[] {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  if (document.errors[0]) throw new Error(`${shownAs} is not JSON: ${document.errors[0].message}`);
  return tasksIn(document.contents, (pair) => {
    const { line, col } = lines.linePos((isScalar(pair.key) && pair.key.range?.[0]) || 0);
    return `${shownAs}:${line}:${col}`;
  });
}

function tasksIn(node: unknown, placeOf: (pair: Pair) => string): DefinitionTask[] {
  if (isSeq(node)) return node.items.flatMap((item) => tasksIn(item, placeOf));
  if (!isMap(node)) return [];
  return node.items.flatMap((pair) => {
    const inner = tasksIn(pair.value, placeOf);
    const state: unknown = isMap(pair.value) ? pair.value.toJSON() : undefined;
    if (!isTask(state)) return inner;
    const task = {
      state: String(pair.key),
      resource: String(state.Resource),
      arguments: { ...state.Arguments },
      at: placeOf(pair),
    };
    return [task, ...inner];
  });
}

function isTask(state: unknown): state is { readonly Resource: unknown; readonly Arguments?: object } {
  return typeof state === 'object' && state !== null && 'Type' in state && state.Type === 'Task' && 'Resource' in state;
}
