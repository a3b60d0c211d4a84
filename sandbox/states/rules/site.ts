import { type QueryLanguage, queryLanguageOf } from '../definition.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** A set of states with its own transitions and variables: the machine, a branch, or an item processor. */
export interface ScopeSite {
  readonly path: string;
  readonly body: JsonObject;
  readonly states: readonly StateSite[];
  /** The Parallel or Map that it belongs to. */
  readonly holder: StateSite | undefined;
  readonly kind: 'machine' | 'branch' | 'processor';
}

/** One state of a definition, and where it stands. */
export interface StateSite {
  readonly path: string;
  readonly name: string;
  readonly state: JsonObject;
  readonly type: string;
  readonly language: QueryLanguage;
  readonly scope: ScopeSite;
  readonly inner: readonly ScopeSite[];
}

/** Reads the scopes and states of a definition as far as they have the right shape. */
export function readScope(definition: JsonObject): ScopeSite {
  return readBody('', definition, definition, undefined, 'machine');
}

/** A scope and every scope inside it. */
export function listScopes(scope: ScopeSite): readonly ScopeSite[] {
  return [scope, ...scope.states.flatMap((site) => site.inner.flatMap(listScopes))];
}

/** Every state of a scope and of the scopes inside it. */
export function listStates(scope: ScopeSite): readonly StateSite[] {
  return listScopes(scope).flatMap((one) => one.states);
}

/** Gives an array member of JSON, or nothing. */
export function asArray(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function readBody(
  path: string,
  body: JsonObject,
  machine: JsonObject,
  holder: StateSite | undefined,
  kind: ScopeSite['kind'],
): ScopeSite {
  const states: StateSite[] = [];
  const scope: ScopeSite = { path, body, states, holder, kind };
  const members = isObject(body['States']) ? Object.entries(body['States']) : [];
  for (const [name, state] of members) {
    if (isObject(state)) states.push(readState(`${path}/States/${name}`, name, state, machine, scope));
  }
  return scope;
}

function readState(path: string, name: string, state: JsonObject, machine: JsonObject, scope: ScopeSite): StateSite {
  const inner: ScopeSite[] = [];
  const type = typeof state['Type'] === 'string' ? state['Type'] : '';
  const language = queryLanguageOf(state, machine);
  const site: StateSite = { path, name, state, type, language, scope, inner };
  for (const [index, branch] of asArray(state['Branches']).entries()) {
    if (isObject(branch)) inner.push(readBody(`${path}/Branches[${index}]`, branch, machine, site, 'branch'));
  }
  for (const field of ['ItemProcessor', 'Iterator']) {
    const body = state[field];
    if (isObject(body)) inner.push(readBody(`${path}/${field}`, body, machine, site, 'processor'));
  }
  return site;
}
