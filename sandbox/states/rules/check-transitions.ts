import { reachableFrom, startOf, type Target, targetsOf } from './flow.ts';
import { type Problem, schemaProblem } from './problem.ts';
import { listScopes, type ScopeSite, type StateSite } from './site.ts';

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
  return { path: scope.path || '/', message: 'Workflow has no terminal state', code: 'MISSING_END_STATE' };
}

function checkReached(scope: ScopeSite): readonly Problem[] {
  const reached = reachableFrom(
    scope,
    startOf(scope).map((target) => target.name),
  );
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
