import { isObject } from '../json.ts';
import { type Problem, schemaProblem } from './problem.ts';
import { asArray, listScopes, type ScopeSite, type StateSite } from './site.ts';

interface Target {
  readonly path: string;
  readonly name: string;
}

/** Checks that every transition leads to a state of the same scope, that each scope can end, and that every state is reached. */
export function checkTransitions(scope: ScopeSite): readonly Problem[] {
  return [...listScopes(scope).flatMap(checkScope), ...checkNames(scope)];
}

function checkScope(scope: ScopeSite): readonly Problem[] {
  const targets = [...startOf(scope), ...scope.states.flatMap(targetsOf)];
  const known = new Set(scope.states.map((site) => site.name));
  const hasEnd = scope.states.some(isTerminal) || scope.states.length === 0;
  return [
    ...scope.states.flatMap(checkFlow),
    ...targets.filter((target) => !known.has(target.name)).map(missingTarget),
    ...(hasEnd ? [] : [missingEnd(scope)]),
    ...(hasEnd && startOf(scope).length > 0 ? checkReached(scope) : []),
  ];
}

function missingTarget({ path, name }: Target): Problem {
  return { path, message: `Missing 'Next' target: ${name}`, code: 'MISSING_TRANSITION_TARGET' };
}

function missingEnd(scope: ScopeSite): Problem {
  return { path: scope.path, message: 'Workflow has no terminal state', code: 'MISSING_END_STATE' };
}

function checkReached(scope: ScopeSite): readonly Problem[] {
  const reached = new Set<string>();
  const waiting = startOf(scope).map((target) => target.name);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const site = scope.states.find((candidate) => candidate.name === name);
    if (site) waiting.push(...targetsOf(site).map((target) => target.name));
  }
  return scope.states
    .filter((site) => !reached.has(site.name))
    .map(({ path, name }) => ({
      path,
      message: `State "${name}" is not reachable.`,
      code: 'MISSING_TRANSITION_TARGET',
    }));
}

function isTerminal({ type, state }: StateSite): boolean {
  return type === 'Succeed' || type === 'Fail' || state['End'] === true;
}

/** Pass, Task, Wait, Parallel and Map go on or end; the others' fields say elsewhere that they have neither. */
function checkFlow({ type, state, path }: StateSite): readonly Problem[] {
  if (!['Pass', 'Task', 'Wait', 'Parallel', 'Map'].includes(type)) return [];
  const goesOn = state['Next'] !== undefined || state['End'] === true;
  return goesOn ? [] : [schemaProblem(path, 'One of these fields is required: [Next, End]')];
}

function startOf({ path, body }: ScopeSite): readonly Target[] {
  const name = body['StartAt'];
  return typeof name === 'string' ? [{ path: `${path}/StartAt`, name }] : [];
}

function targetsOf({ path, state, type }: StateSite): readonly Target[] {
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

/** A name may appear once in the whole machine. */
function checkNames(scope: ScopeSite): readonly Problem[] {
  const seen = new Set<string>();
  return listScopes(scope).flatMap(({ states }) =>
    states.flatMap(({ name, path }): Problem[] => {
      if (seen.has(name)) {
        return [
          {
            path,
            message: `State names must be unique within the state machine: ${name}`,
            code: 'DUPLICATE_STATE_NAME',
          },
        ];
      }
      seen.add(name);
      return [];
    }),
  );
}
