import type { Rule } from '../rule.ts';

/** Every Task, and the machine itself, ends in a known time, whatever is called. */
export const tasksHaveTimeouts: Rule = {
  name: 'tasks-have-timeouts',
  check({ definition, machine, states }) {
    if (!definition || !machine) return [];
    const tasks = states.filter(({ type, state }) => type === 'Task' && state['TimeoutSeconds'] === undefined);
    return [
      ...(machine.body['TimeoutSeconds'] === undefined
        ? [definition.at([], 'the machine has no time limit; add TimeoutSeconds beside StartAt.')]
        : []),
      ...tasks.map(({ name, path }) =>
        definition.atKey(
          definition.pathOf(path),
          `${name} has no time limit; add TimeoutSeconds, in seconds, longer than what it calls may take.`,
        ),
      ),
    ];
  },
};
