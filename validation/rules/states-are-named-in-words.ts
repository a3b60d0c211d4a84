import type { Rule } from '../rule.ts';

/** Every state has a name of its own, in words, as people read it in a rehearsal and in a picture. */
export const statesAreNamedInWords: Rule = {
  name: 'states-are-named-in-words',
  check({ definition, states }) {
    if (!definition) return [];
    const names = states.map(({ name }) => name);
    return states.flatMap(({ name, path }, index) => {
      const at = definition.pathOf(path);
      if (!/^[A-Z][a-z]+( [A-Z][a-z]+)*$/.test(name))
        return [definition.atKey(at, `${name} is no name in words; write one such as Read Service: verb, then noun.`)];
      if (names.indexOf(name) !== index)
        return [definition.atKey(at, `another state is called ${name} too; give this one a name of its own.`)];
      return [];
    });
  },
};
