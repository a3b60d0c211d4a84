import type { CommandContent } from './document-schema.ts';
import { fillReferences, spellValue } from './references.ts';

/** What a node would execute for a command. */
export interface CommandScript {
  /** The text of every step, as a shell would read it. */
  readonly script: string;
  /** The variables that carry `interpolationType: ENV_VAR` parameters, which the text never does. */
  readonly environment: Readonly<Record<string, string>>;
  /** How long the steps may take together, in seconds. */
  readonly timeoutSeconds: number;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html */
const DEFAULT_STEP_SECONDS = 3600;

/** The script and environment of a command document with these values of its parameters. */
export function writeScript(
  { parameters, mainSteps }: CommandContent,
  values: Readonly<Record<string, unknown>>,
): CommandScript {
  const isVariable = (name: string) => parameters[name]?.interpolationType === 'ENV_VAR';
  const resolve = (name: string) => (isVariable(name) ? `{{ ${name} }}` : values[name]);
  const filled = mainSteps.map(({ inputs }) => ({
    lines: [fillReferences(inputs.runCommand, resolve)].flat(2).map(spellValue),
    seconds: Number(fillReferences(inputs.timeoutSeconds ?? DEFAULT_STEP_SECONDS, resolve)),
  }));
  const variables = Object.keys(parameters).filter(isVariable);
  return {
    script: filled.flatMap(({ lines }) => lines).join('\n'),
    environment: Object.fromEntries(variables.map((name) => [`SSM_${name}`, spellValue(values[name])])),
    timeoutSeconds: filled.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
