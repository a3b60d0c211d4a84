import { innerSteps } from '../../sandbox/ssm/actions/loop.ts';
import type { AutomationStep } from '../../sandbox/ssm/document-schema.ts';
import { findReferences } from '../../sandbox/ssm/references.ts';
import type { Rule } from '../rule.ts';
import type { CommandSource, RunbookSource } from '../runbook-source.ts';
import type { Problem } from '../../infra/config/source-file.ts';

/**
 * No `{{ Name }}` stands inside a script: there the value would be run, quoted or not, and so it would be by the fallback for
 * old agents, `export SSM_Name="{{ Name }}"`. An agent before 3.3.2746.0 sets no variable; the script must stop then.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-troubleshooting.html
 */
export const scriptsTakeNoText: Rule = {
  name: 'scripts-take-no-text',
  check: (runbook) => [...runbook.commands.flatMap(checkCommand), ...checkPython(runbook)],
};

function checkCommand({ source, content }: CommandSource): readonly Problem[] {
  if (!content) return [];
  const variables = Object.entries(content.parameters).filter(
    ([, { interpolationType }]) => interpolationType === 'ENV_VAR',
  );
  return content.mainSteps.flatMap(({ inputs }, index) => {
    const path = ['mainSteps', index, 'inputs', 'runCommand'];
    const script = [inputs.runCommand].flat().join('\n');
    return [
      ...findReferences(inputs.runCommand, `mainSteps[${index}].inputs.runCommand`).map(({ path: at, reference }) =>
        source.at(
          source.pathOf(at),
          `{{ ${reference} }} is pasted into the script and run there; use "$SSM_${reference}", which SSM sets for interpolationType: ENV_VAR, and nothing else.`,
        ),
      ),
      ...variables
        .filter(([name]) => new RegExp(`\\bSSM_${name}\\b`).test(script) && !stopsWithout(name, script))
        .map(([name]) =>
          source.at(
            path,
            `an SSM Agent before 3.3.2746.0 sets no SSM_${name}; stop then: [ -n "\${SSM_${name}:-}" ] || exit 1.`,
          ),
        ),
    ];
  });
}

/** It looks whether the variable is there, or any that is not ends it. */
function stopsWithout(name: string, script: string): boolean {
  return new RegExp(`\\$\\{SSM_${name}:[-?]`).test(script) || /^\s*set -[a-z]*u|^\s*set -o nounset/m.test(script);
}

function checkPython({ automations }: RunbookSource): readonly Problem[] {
  return automations.flatMap(({ source, content }) =>
    (content?.mainSteps ?? [])
      .flatMap((step, index) => scriptsIn(step, ['mainSteps', index]))
      .filter(({ text }) => /\{\{.*?\}\}/s.test(text))
      .map(({ path }) =>
        source.at(
          path,
          'takes text by {{ … }}, which would be run; hand it over by InputPayload and read it from events.',
        ),
      ),
  );
}

/** The scripts of a step, and of those inside of it when it is a loop. */
function scriptsIn(
  step: AutomationStep,
  path: readonly (string | number)[],
): readonly { readonly path: readonly (string | number)[]; readonly text: string }[] {
  const { Script: text } = step.inputs;
  const inner = innerSteps(step).flatMap((one, index) => scriptsIn(one, [...path, 'inputs', 'Steps', index]));
  return typeof text === 'string' ? [{ path: [...path, 'inputs', 'Script'], text }, ...inner] : inner;
}
