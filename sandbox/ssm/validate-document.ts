import type { z } from 'zod';
import { findAction } from './actions/find-action.ts';
import { flattenSteps } from './actions/loop.ts';
import {
  type AutomationContent,
  type AutomationStep,
  automationSchema,
  type CommandContent,
  commandSchema,
  type DocumentParameter,
} from './document-schema.ts';
import { findReferences } from './references.ts';
import { variableOf } from './step-references.ts';
import { checkLoop, checkNames, checkStep, type DocumentProblem } from './validate-step.ts';

export type { DocumentProblem } from './validate-step.ts';

const GLOBALS = ['global:DATE', 'global:DATE_TIME', 'global:REGION', 'global:ACCOUNT_ID', 'automation:EXECUTION_ID'];

/** Everything that AWS would refuse about the content of a document of this type; an empty list when it is valid. */
export function validateDocument(content: unknown, type: 'Automation' | 'Command'): readonly DocumentProblem[] {
  if (type === 'Automation') {
    const parsed = automationSchema.safeParse(content);
    return parsed.success ? checkAutomation(parsed.data) : toProblems(parsed.error);
  }
  const parsed = commandSchema.safeParse(content);
  return parsed.success ? checkCommand(parsed.data) : toProblems(parsed.error);
}

function checkAutomation(content: AutomationContent): readonly DocumentProblem[] {
  const { parameters, variables, mainSteps, outputs, assumeRole = '' } = content;
  const all = flattenSteps(mainSteps);
  const reach = { row: mainSteps, outer: [], variables };
  const isReferable = (reference: string) =>
    reference in parameters ||
    isStepOutput(reference, all) ||
    GLOBALS.includes(reference) ||
    (variableOf(reference) ?? '') in variables;
  return [
    ...checkParameters(parameters),
    ...checkNames(mainSteps),
    ...mainSteps.flatMap((step, index) => checkStep(step, reach, `mainSteps[${index}]`)),
    ...mainSteps.flatMap((step, index) => checkLoop(step, reach, `mainSteps[${index}]`)),
    ...checkReferences(
      mainSteps.map(({ inputs }) => ({ inputs })),
      'mainSteps',
      isReferable,
    ),
    ...checkReferences(assumeRole, 'assumeRole', (reference) => reference in parameters),
    ...outputs.flatMap((output, index) =>
      isStepOutput(output, all) ? [] : [{ path: `outputs[${index}]`, message: `No step gives the output ${output}.` }],
    ),
  ];
}

function checkCommand({ parameters, mainSteps }: CommandContent): readonly DocumentProblem[] {
  const actions = mainSteps.flatMap(({ action }, index) =>
    action === 'aws:runShellScript' || isOtherPlugin(action)
      ? []
      : [{ path: `mainSteps[${index}].action`, message: `There is no plugin ${action}.` }],
  );
  return [
    ...checkParameters(parameters),
    ...checkNames(mainSteps),
    ...actions,
    ...checkReferences(
      mainSteps.map(({ inputs }) => ({ inputs })),
      'mainSteps',
      (reference) => reference in parameters,
    ),
  ];
}

/** Plugins that SSM Agent has: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html */
function isOtherPlugin(action: string): boolean {
  return /^aws:(runPowerShellScript|runDocument|downloadContent|configurePackage|configureDocker|domainJoin|applications|psModule|refreshAssociation|runDockerAction|softwareInventory|updateAgent|updateSsmAgent|cloudWatch)$/.test(
    action,
  );
}

function checkParameters(parameters: Readonly<Record<string, DocumentParameter>>): readonly DocumentProblem[] {
  return Object.entries(parameters).flatMap(([name, { allowedPattern, interpolationType, type }]) => {
    const path = `parameters.${name}`;
    const pattern = allowedPattern === undefined ? undefined : patternProblem(allowedPattern);
    return [
      ...(/^[A-Za-z0-9_-]{1,128}$/.test(name) ? [] : [{ path, message: `"${name}" is no name for a parameter.` }]),
      ...(pattern === undefined ? [] : [{ path: `${path}.allowedPattern`, message: pattern }]),
      ...(interpolationType && type !== 'String'
        ? [{ path: `${path}.interpolationType`, message: `ENV_VAR is for String, not ${type}.` }]
        : []),
    ];
  });
}

function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function isStepOutput(reference: string, steps: readonly AutomationStep[]): boolean {
  const [name, output = ''] = reference.split('.');
  const step = steps.find((candidate) => candidate.name === name);
  if (!step) return false;
  const kind = findAction(step.action);
  return kind === undefined || kind.outputs.includes(output) || step.outputs.some(({ Name }) => Name === output);
}

function checkReferences(
  value: unknown,
  path: string,
  isReferable: (reference: string) => boolean,
): readonly DocumentProblem[] {
  return findReferences(value, path)
    .filter(({ reference }) => !isReferable(reference))
    .map(({ path, reference }) => ({ path, message: `{{ ${reference} }} names no parameter, step output or global.` }));
}

function toProblems(error: z.ZodError): readonly DocumentProblem[] {
  return error.issues.map(({ path, message }) => ({ path: spellPath(path), message }));
}

function spellPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
