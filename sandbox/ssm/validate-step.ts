import { choicesOf, problemOfChoice } from './actions/branch.ts';
import { problemOfScript } from './actions/execute-script.ts';
import { findAction, isKnownAction } from './actions/find-action.ts';
import { innerSteps, problemsOfLoop } from './actions/loop.ts';
import type { AutomationStep } from './document-schema.ts';
import { parseSelector, SelectorSyntaxError } from './selector.ts';
import { stepNamed, variableOf } from './step-references.ts';
import { isRecord } from '../members.ts';

/** What AWS would refuse in a document, and where. */
export interface DocumentProblem {
  /** `mainSteps[0].nextStep` */
  readonly path: string;
  readonly message: string;
}

/** Names that two steps have. */
export function checkNames(
  steps: readonly { readonly name: string }[],
  path = 'mainSteps',
): readonly DocumentProblem[] {
  return steps.flatMap(({ name }, index) =>
    steps.findIndex((other) => other.name === name) === index
      ? []
      : [{ path: `${path}[${index}].name`, message: `Another step is named ${name}.` }],
  );
}

/** The steps that a step may go to: those of its own row, and from inside of a loop those around it. */
export interface Reach {
  readonly row: readonly AutomationStep[];
  readonly outer: readonly AutomationStep[];
  /** The variables of the document, by name. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What AWS, or the sandbox, would refuse of one step. */
export function checkStep(step: AutomationStep, reach: Reach, path: string): readonly DocumentProblem[] {
  if (!isKnownAction(step.action)) return [{ path: `${path}.action`, message: `There is no action ${step.action}.` }];
  return [
    ...checkInputs(step, path),
    ...checkTransitions(step, reach, path),
    ...checkCancel(step, reach, path),
    ...checkSelectors(step, path),
    ...checkChoices(step, path),
    ...checkScript(step, path),
    ...checkVariable(step, reach, path),
  ];
}

/** What is wrong with a loop and inside of it: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html */
export function checkLoop(
  loop: AutomationStep,
  { row: outer, variables }: Reach,
  path: string,
): readonly DocumentProblem[] {
  if (loop.action !== 'aws:loop') return [];
  const row = innerSteps(loop);
  const within = `${path}.inputs.Steps`;
  const condition = loop.inputs['LoopCondition'];
  const problem = isRecord(condition) ? problemOfChoice(condition) : undefined;
  return [
    ...problemsOfLoop(loop.inputs).map(({ path: where, message }) => ({ path: `${path}.inputs.${where}`, message })),
    ...(problem === undefined ? [] : [{ path: `${path}.inputs.LoopCondition`, message: problem }]),
    ...checkNames([...outer, ...row]).map(({ message }) => ({ path: within, message })),
    ...row.flatMap((step, index) => [
      ...checkStep(step, { row, outer, variables }, `${within}[${index}]`),
      ...(step.action === 'aws:loop' || step.isEnd
        ? [
            {
              path: `${within}[${index}]`,
              message: 'A loop inside of a loop, or an end inside of it, does not run here.',
            },
          ]
        : []),
    ]),
  ];
}

/** A step cannot be gone to from `onCancel` when its action is one of these; the guide names them there. */
const NOT_ON_CANCEL = [
  'aws:assertAwsResourceProperty',
  'aws:copyImage',
  'aws:createImage',
  'aws:createStack',
  'aws:createTags',
  'aws:loop',
  'aws:pause',
  'aws:runInstances',
  'aws:sleep',
];

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html */
function checkCancel(
  { action, onCancel }: AutomationStep,
  { row, outer }: Reach,
  path: string,
): readonly DocumentProblem[] {
  if (onCancel === 'Abort') return [];
  const problem = (message: string) => [{ path: `${path}.onCancel`, message }];
  if (action === 'aws:loop' || action === 'aws:updateVariable') return problem(`${action} takes no onCancel.`);
  const name = stepNamed(onCancel);
  if (name === undefined) return problem(`onCancel is Abort or step:<name>, not ${onCancel}.`);
  const target = (outer.length > 0 ? outer : row).find((step) => step.name === name);
  if (!target) return problem(`There is no step ${name}.`);
  return NOT_ON_CANCEL.includes(target.action) ? problem(`onCancel cannot go to ${target.action}.`) : [];
}

function checkVariable(
  { action, inputs }: AutomationStep,
  { variables }: Reach,
  path: string,
): readonly DocumentProblem[] {
  const variable = inputs['Name'];
  if (action !== 'aws:updateVariable' || typeof variable !== 'string') return [];
  const known = variableOf(variable);
  if (known !== undefined && known in variables) return [];
  return [{ path: `${path}.inputs.Name`, message: `${variable} is no variable:<name> of the document.` }];
}

function checkScript({ action, inputs }: AutomationStep, path: string): readonly DocumentProblem[] {
  const problem = action === 'aws:executeScript' ? problemOfScript(inputs) : undefined;
  return problem === undefined ? [] : [{ path: `${path}.inputs.Runtime`, message: problem }];
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

function checkTransitions(step: AutomationStep, { row, outer }: Reach, path: string): readonly DocumentProblem[] {
  const steps = [...row, ...outer];
  const jump = stepNamed(step.onFailure);
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
      .filter(isRecord)
      .map((choice, index) => [`inputs.Choices[${index}].NextStep`, choice['NextStep'] ?? ''] as const),
    ['inputs.Default', inputs['Default']],
  ];
}

function checkChoices(step: AutomationStep, path: string): readonly DocumentProblem[] {
  if (step.action !== 'aws:branch') return [];
  const isWhole = [step.inputs['Choices'] ?? []].flat().every(isRecord);
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
    ...(hasNone ? [{ path: `${path}.outputs`, message: `${action} has outputs of its own only in the sandbox.` }] : []),
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
