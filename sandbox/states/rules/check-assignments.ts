import { isObject, type JsonObject } from '../json.ts';
import { MAX_NAME_LENGTH } from '../limits.ts';
import { type Problem, schemaProblem } from './problem.ts';
import { asArray, listScopes, type ScopeSite, type StateSite } from './site.ts';

const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}\u200c\u200d]*$/u;

/** One `Assign` of a state, of a choice rule or of a catcher. */
interface Assignment {
  readonly path: string;
  readonly names: readonly string[];
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
  return new Set(listScopes(scope).flatMap((one) => one.states.flatMap(namesOf)));
}

function checkName(path: string, name: string, taken: ReadonlySet<string>): readonly Problem[] {
  if (name === 'states') return [schemaProblem(path, "The variable name 'states' is reserved")];
  if (!VARIABLE_NAME.test(name) || [...name].length > MAX_NAME_LENGTH) {
    const rule = `it must begin with a letter and hold letters, digits and _ only, ${MAX_NAME_LENGTH} characters at most`;
    return [schemaProblem(path, `'${name}' is not a valid variable name: ${rule}`)];
  }
  if (!taken.has(name)) return [];
  return [schemaProblem(path, `The variable '${name}' belongs to an outer scope and cannot be assigned here`)];
}

function namesAround(scope: ScopeSite): ReadonlySet<string> {
  const names = new Set<string>();
  for (let outer = scope.outer; outer; outer = outer.outer) {
    for (const name of outer.states.flatMap(namesOf)) names.add(name);
  }
  return names;
}

function namesOf(site: StateSite): readonly string[] {
  return assignmentsOf(site).flatMap(({ names }) => names);
}

function assignmentsOf({ state, path, language }: StateSite): readonly Assignment[] {
  const lists = ['Choices', 'Catch'].flatMap((field) =>
    asArray(state[field]).flatMap((entry, index) =>
      isObject(entry) ? [{ at: `${path}/${field}[${index}]`, entry }] : [],
    ),
  );
  return [{ at: path, entry: state }, ...lists].flatMap(({ at, entry }) =>
    readAssign(at, entry, language === 'JSONPath'),
  );
}

function readAssign(at: string, entry: JsonObject, isPath: boolean): readonly Assignment[] {
  const { Assign } = entry;
  if (!isObject(Assign)) return [];
  const names = Object.keys(Assign).map((name) => (isPath ? name.replace(/\.\$$/, '') : name));
  return [{ path: `${at}/Assign`, names }];
}
