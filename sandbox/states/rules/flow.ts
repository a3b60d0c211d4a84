import { isObject } from '../json.ts';
import { asArray, type ScopeSite, type StateSite } from './site.ts';

/** A transition: where it is written, and the state it leads to. */
export interface Target {
  readonly path: string;
  readonly name: string;
}

/** The transition that a scope starts with. */
export function startOf({ path, body }: ScopeSite): readonly Target[] {
  const name = body['StartAt'];
  return typeof name === 'string' ? [{ path: `${path}/StartAt`, name }] : [];
}

/** The transitions of a state. */
export function targetsOf({ path, state, type }: StateSite): readonly Target[] {
  const direct = type === 'Choice' ? ['Default'] : ['Next'];
  const fields = direct.map((field) => ({ path: `${path}/${field}`, name: state[field] }));
  const lists = ['Choices', 'Catch'].flatMap((field) =>
    asArray(state[field]).map((entry, index) => ({
      path: `${path}/${field}[${index}]/Next`,
      name: isObject(entry) ? entry['Next'] : undefined,
    })),
  );
  return [...fields, ...lists].flatMap(({ path: at, name }) => (typeof name === 'string' ? [{ path: at, name }] : []));
}

/** The names of every state that can be reached from the given ones, these included. */
export function reachableFrom(scope: ScopeSite, names: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const site = scope.states.find((candidate) => candidate.name === name);
    if (site) waiting.push(...targetsOf(site).map((target) => target.name));
  }
  return reached;
}
