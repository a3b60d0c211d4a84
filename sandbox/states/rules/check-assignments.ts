import { countCharacters, isObject, type Json } from '../json.ts';
import { MAX_NAME_LENGTH } from '../limits.ts';
import { reachableFrom } from './flow.ts';
import { type Problem, schemaProblem } from './problem.ts';
import { asArray, listScopes, type ScopeSite, type StateSite } from './site.ts';

const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}\u200c\u200d]*$/u;

/** One `Assign` of a state, of a choice rule or of a catcher. */
interface Assignment {
  readonly path: string;
  readonly names: readonly string[];
  /** The state that sees the new values first. */
  readonly next: string | undefined;
}

/** Checks the names that states assign, and that no inner scope assigns a name of an outer one. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
export function checkAssignments(scope: ScopeSite): readonly Problem[] {
  return listScopes(scope).flatMap((one) => {
    const taken = namesAround(one);
    return one.states.flatMap((site) =>
      assignmentsOf(site).flatMap(({ path, names }) =>
        names.flatMap((name) => checkName(`${path}/${name}`, name, taken)),
      ),
    );
  });
}

/** Every name that any state of the machine assigns. */
export function listVariables(scope: ScopeSite): ReadonlySet<string> {
  return new Set(listScopes(scope).flatMap((one) => one.states.flatMap(assignmentsOf).flatMap(({ names }) => names)));
}

function checkName(path: string, name: string, taken: ReadonlySet<string>): readonly Problem[] {
  if (name === 'states') return [schemaProblem(path, "The variable name 'states' is reserved")];
  if (!VARIABLE_NAME.test(name) || countCharacters(name) > MAX_NAME_LENGTH) {
    const rule = `it must begin with a letter and hold letters, digits and _ only, ${MAX_NAME_LENGTH} characters at most`;
    return [schemaProblem(path, `'${name}' is not a valid variable name: ${rule}`)];
  }
  if (!taken.has(name)) return [];
  return [schemaProblem(path, `The variable '${name}' belongs to an outer scope and cannot be assigned here`)];
}

/** The names that may be assigned around a scope by the time its holder runs. */
function namesAround(scope: ScopeSite): ReadonlySet<string> {
  const names = new Set<string>();
  for (let { holder } = scope; holder; { holder } = holder.scope) {
    for (const name of namesBefore(holder)) names.add(name);
  }
  return names;
}

function namesBefore(holder: StateSite): readonly string[] {
  const { scope, name } = holder;
  return scope.states
    .flatMap(assignmentsOf)
    .filter(({ next }) => next !== undefined && reachableFrom(scope, [next]).has(name))
    .flatMap(({ names }) => names);
}

function assignmentsOf({ state, path, language, type }: StateSite): readonly Assignment[] {
  const isPath = language === 'JSONPath';
  const inner = ['Choices', 'Catch'].flatMap((field) =>
    asArray(state[field]).flatMap((entry, index) => readAssign(`${path}/${field}[${index}]`, entry, 'Next', isPath)),
  );
  return [...readAssign(path, state, type === 'Choice' ? 'Default' : 'Next', isPath), ...inner];
}

function readAssign(at: string, entry: Json, nextField: string, isPath: boolean): readonly Assignment[] {
  if (!isObject(entry) || !isObject(entry['Assign'])) return [];
  const names = Object.keys(entry['Assign']).map((name) => (isPath ? name.replace(/\.\$$/, '') : name));
  const next = entry[nextField];
  return [{ path: `${at}/Assign`, names, next: typeof next === 'string' ? next : undefined }];
}
