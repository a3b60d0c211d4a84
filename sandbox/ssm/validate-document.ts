import type { z } from 'zod';
import { findAction, isKnownAction } from './actions/find-action.ts';
import { choicesOf, problemOfChoice } from './actions/branch.ts';
import {
  type AutomationContent,
  type AutomationStep,
  automationSchema,
  type CommandContent,
  commandSchema,
  type DocumentParameter,
} from './document-schema.ts';
import { findReferences } from './references.ts';
import { parseSelector, SelectorSyntaxError } from './selector.ts';

/** What AWS would refuse in a document, and where. */
export interface DocumentProblem {
  /** `mainSteps[0].nextStep` */
  readonly path: string;
  readonly message: string;
}

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
  const { parameters, mainSteps, outputs, assumeRole = '' } = content;
  const isReferable = (reference: string) =>
    reference in parameters || isStepOutput(reference, mainSteps) || GLOBALS.includes(reference);
  return [
    ...checkParameters(parameters),
    ...checkNames(mainSteps),
    ...mainSteps.flatMap((step, index) => checkStep(step, mainSteps, `mainSteps[${index}]`)),
    ...checkReferences(
      mainSteps.map(({ inputs }) => ({ inputs })),
      'mainSteps',
      isReferable,
    ),
    ...checkReferences(assumeRole, 'assumeRole', (reference) => reference in parameters),
    ...outputs.flatMap((output, index) =>
      isStepOutput(output, mainSteps)
        ? []
        : [{ path: `outputs[${index}]`, message: `No step gives the output ${output}.` }],
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
export function isOtherPlugin(action: string): boolean {
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

function checkNames(steps: readonly { readonly name: string }[]): readonly DocumentProblem[] {
  return steps.flatMap(({ name }, index) =>
    steps.findIndex((other) => other.name === name) === index
      ? []
      : [{ path: `mainSteps[${index}].name`, message: `Another step is named ${name}.` }],
  );
}

function checkStep(step: AutomationStep, steps: readonly AutomationStep[], path: string): readonly DocumentProblem[] {
  if (!isKnownAction(step.action)) return [{ path: `${path}.action`, message: `There is no action ${step.action}.` }];
  return [
    ...checkInputs(step, path),
    ...checkTransitions(step, steps, path),
    ...checkSelectors(step, path),
    ...checkChoices(step, path),
  ];
}

function checkInputs({ action, inputs }: AutomationStep, path: string): readonly DocumentProblem[] {
  const kind = findAction(action);
  if (!kind) return [];
  const known = [...kind.required, ...kind.optional];
  const unknown = kind.isOpen ? [] : Object.keys(inputs).filter((name) => !known.includes(name));
  return [
    ...kind.required
      .filter((name) => !(name in inputs))
      .map((name) => ({ path: `${path}.inputs`, message: `${action} needs the input ${name}.` })),
    ...unknown.map((name) => ({
      path: `${path}.inputs.${name}`,
      message: `${action} has no input ${name} in the sandbox.`,
    })),
  ];
}

function checkTransitions(
  step: AutomationStep,
  steps: readonly AutomationStep[],
  path: string,
): readonly DocumentProblem[] {
  const jump = /^step:(.*)$/.exec(step.onFailure)?.[1];
  const targets: readonly (readonly [string, unknown])[] = [
    ['nextStep', step.nextStep],
    ['onFailure', jump],
    ...(step.action === 'aws:branch' ? branchTargets(step) : []),
  ];
  const missing = targets.filter(([, target]) => target !== undefined && !steps.some(({ name }) => name === target));
  return [
    ...missing.map(([where, target]) => ({ path: `${path}.${where}`, message: `There is no step ${String(target)}.` })),
    ...(jump !== undefined || ['Abort', 'Continue', 'Cancel'].includes(step.onFailure)
      ? []
      : [
          {
            path: `${path}.onFailure`,
            message: `onFailure is Abort, Continue, Cancel or step:<name>, not ${step.onFailure}.`,
          },
        ]),
    ...(step.isEnd && step.nextStep !== undefined
      ? [{ path: `${path}.nextStep`, message: 'A step that is the end has no next.' }]
      : []),
  ];
}

function branchTargets({ inputs }: AutomationStep): readonly (readonly [string, unknown])[] {
  const choices = [inputs['Choices'] ?? []].flat();
  return [
    ...choices
      .filter(isObject)
      .map((choice, index) => [`inputs.Choices[${index}].NextStep`, choice['NextStep'] ?? ''] as const),
    ['inputs.Default', inputs['Default']],
  ];
}

function checkChoices(step: AutomationStep, path: string): readonly DocumentProblem[] {
  if (step.action !== 'aws:branch') return [];
  const isWhole = [step.inputs['Choices'] ?? []].flat().every(isObject);
  if (!isWhole) return [{ path: `${path}.inputs.Choices`, message: 'Choices is a list of objects.' }];
  return choicesOf(step.inputs).flatMap((choice, index) => {
    const message = problemOfChoice(choice);
    return message === undefined ? [] : [{ path: `${path}.inputs.Choices[${index}]`, message }];
  });
}

function checkSelectors({ action, inputs, outputs }: AutomationStep, path: string): readonly DocumentProblem[] {
  const hasNone = outputs.length > 0 && findAction(action)?.hasSelectors !== true && findAction(action) !== undefined;
  const selectors = outputs.map(({ Selector }, index) => [`outputs[${index}].Selector`, Selector] as const);
  const property = inputs['PropertySelector'];
  const all =
    typeof property === 'string' && !property.includes('{{')
      ? [...selectors, ['inputs.PropertySelector', property] as const]
      : selectors;
  return [
    ...(hasNone ? [{ path: `${path}.outputs`, message: `${action} has outputs of its own only.` }] : []),
    ...all.flatMap(([where, selector]) =>
      selectorProblem(selector).map((message) => ({ path: `${path}.${where}`, message })),
    ),
  ];
}

function selectorProblem(selector: string): readonly string[] {
  try {
    parseSelector(selector);
    return [];
  } catch (error) {
    if (error instanceof SelectorSyntaxError) return [error.message];
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
