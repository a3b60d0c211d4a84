import type { DocumentParameter } from '../../sandbox/ssm/document-schema.ts';
import type { Rule } from '../rule.ts';
import type { Path, Problem, SourceFile } from '../../infra/config/source-file.ts';

/**
 * Every text that a document is given matches a pattern from its first character to its last, and one that reaches a shell
 * is an environment variable of it, never text in its script.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export const parametersArePatterned: Rule = {
  name: 'parameters-are-patterned',
  check: ({ automations, commands }) => [
    ...automations.flatMap(({ source, content }) => check(source, content?.parameters ?? {}, checkPattern)),
    ...commands.flatMap(({ source, content }) => check(source, content?.parameters ?? {}, checkShell)),
  ],
};

type Check = (parameter: DocumentParameter) => readonly (readonly [member: string, message: string])[];

function check(
  source: SourceFile,
  parameters: Readonly<Record<string, DocumentParameter>>,
  complain: Check,
): readonly Problem[] {
  return Object.entries(parameters).flatMap(([name, parameter]) =>
    complain(parameter).map(([member, message]) => {
      const path: Path = ['parameters', name, member];
      return source.at(path, `${name} ${message}`);
    }),
  );
}

const texts: readonly string[] = ['String', 'StringList', 'StringMap', 'MapList'];

const checkPattern: Check = ({ type, allowedPattern, allowedValues }) => {
  if (!texts.includes(type) || allowedValues) return [];
  if (allowedPattern === undefined)
    return [['type', "takes any text; add an allowedPattern such as '^[A-Za-z0-9-]{1,64}$'."]];
  return isAnchored(allowedPattern)
    ? []
    : [['allowedPattern', 'matches in the middle of a text; begin its allowedPattern with ^ and end it with $.']];
};

const checkShell: Check = (parameter) => {
  if (parameter.type !== 'String')
    return texts.includes(parameter.type)
      ? [['type', `is a ${parameter.type}, which can reach a shell only as text in its script; use a String.`]]
      : [];
  const isVariable = parameter.interpolationType === 'ENV_VAR';
  return [
    ...(isVariable
      ? []
      : [['type', 'would be pasted into the script and run there; add interpolationType: ENV_VAR.'] as const]),
    ...checkPattern(parameter),
  ];
};

/** `^a|b$` is anchored at one side of each alternative only. */
function isAnchored(pattern: string): boolean {
  if (!/^\^.*\$$/s.test(pattern) || pattern.endsWith('\\$')) return false;
  let depth = 0;
  for (const [token] of pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[()|]/gs)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === '|' && depth === 0) return false;
  }
  return true;
}
