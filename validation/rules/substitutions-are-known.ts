import type { Rule } from '../rule.ts';

/** Every `${…}` of the definition stands for something in the stack. */
export const substitutionsAreKnown: Rule = {
  name: 'substitutions-are-known',
  check({ definition }, { substitutions }) {
    if (!definition) return [];
    return [...definition.text.matchAll(/\$\{([^}]*)\}/g)]
      .filter(([, name = '']) => !substitutions.includes(name))
      .map((match) =>
        definition.atOffset(match.index, `nothing is given for ${match[0]}. Use one of: ${substitutions.join(', ')}.`),
      );
  },
};
