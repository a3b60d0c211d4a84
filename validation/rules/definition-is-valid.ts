import { validateDefinition } from '../../sandbox/states/validate.ts';
import type { Rule } from '../rule.ts';
import type { Problem, SourceFile } from '../../infra/config/source-file.ts';

/**
 * AWS would create the state machine, and the sandbox can run it. The sandbox's own checks come first, for they are the
 * stricter; of asl-validator's those count that concern a state of which the sandbox has said nothing.
 */
export const definitionIsValid: Rule = {
  name: 'definition-is-valid',
  async check({ id, definition }, { seenDefinitions }) {
    // That it is missing is said by the deployment's own check.
    if (!definition) return [];
    if (definition.syntaxProblems.length > 0) return definition.syntaxProblems;
    const strict = validateDefinition(definition.text, 'STANDARD')
      .filter(({ message }) => !message.startsWith('Duplicate field'))
      .map(({ path, message }) => {
        const what = /[.!?]$/.test(message) ? message : `${message}.`;
        return definition.at(definition.pathOf(path), `${what} AWS would refuse it.`);
      });
    return strict.length > 0 || seenDefinitions?.has(id) ? strict : askAslValidator(definition);
  },
};

async function askAslValidator(definition: SourceFile): Promise<readonly Problem[]> {
  const { default: validate } = await import('asl-validator');
  // It writes into what it is given.
  const { errors } = validate(JSON.parse(definition.text));
  return errors.map((error) => {
    const state = /[Ss]tate "?([^"]+?)"? (?:is|MUST)/.exec(error.Message)?.[1];
    const path = error.schemaError ? definition.pathOf(error.schemaError.instancePath) : state ? ['States', state] : [];
    return definition.at(path, `${error.Message} (${error['Error code']}, says asl-validator). Correct the state.`);
  });
}
