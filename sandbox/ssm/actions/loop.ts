import { z } from 'zod';
import { type AutomationStep, automationStepSchema } from '../document-schema.ts';
import { holds, membersOf } from './branch.ts';
import { type Iteration, SEVEN_DAYS_SECONDS, type StepAction, type StepContext, StepFailedError } from './action.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html */
const MAX_ITERATIONS = 100;

const stepsSchema = z.array(automationStepSchema).min(1);

/**
 * `aws:loop`: runs its steps while `LoopCondition` holds, looked at after each turn, or once for each of `Iterators`. At
 * `MaxIterations` it ends with success whether or not the condition still holds, so a document looks at the result itself.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html
 */
export const loop: StepAction = {
  required: ['Steps'],
  optional: ['Iterators', 'IteratorDataType', 'LoopCondition', 'MaxIterations'],
  deferred: ['Steps', 'LoopCondition'],
  outputs: ['CurrentIteration', 'CurrentIteratorValue'],
  // The guide gives the action no limit of its own; each of its steps has one.
  timeoutSeconds: SEVEN_DAYS_SECONDS,
  run: async (context) => {
    const { inputs } = context;
    const most = limitOf(inputs);
    const values = inputs['Iterators'] === undefined ? undefined : iteratorsOf(inputs).slice(0, most);
    for (let number = 1; number <= (values?.length ?? most); number += 1) {
      const iteration: Iteration = { number, ...(values && { value: values[number - 1] }) };
      const nextStep = await context.runInner(iteration);
      if (nextStep !== undefined) return { nextStep };
      if (!values && !goesOn(context)) break;
    }
    return {};
  },
};

/** The steps inside of a loop; none for any other step, or for a loop whose steps cannot be read. */
export function innerSteps({ action, inputs }: AutomationStep): readonly AutomationStep[] {
  if (action !== 'aws:loop') return [];
  const parsed = stepsSchema.safeParse(inputs['Steps']);
  return parsed.success ? parsed.data : [];
}

/** Every step, each loop followed by those inside of it. */
export function flattenSteps(steps: readonly AutomationStep[]): readonly AutomationStep[] {
  return steps.flatMap((step) => [step, ...innerSteps(step)]);
}

/** What is wrong with the inputs of a loop, each with where below `inputs`. */
export function problemsOfLoop(
  inputs: StepContext['inputs'],
): readonly { readonly path: string; readonly message: string }[] {
  const parsed = stepsSchema.safeParse(inputs['Steps']);
  const steps = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ path: ['Steps', ...path].map(String).join('.'), message }));
  const forms = ['Iterators', 'LoopCondition'].filter((name) => inputs[name] !== undefined);
  const most = Number(inputs['MaxIterations'] ?? MAX_ITERATIONS);
  return [
    ...steps,
    ...(forms.length === 1
      ? []
      : [{ path: 'LoopCondition', message: 'A loop has either Iterators or a LoopCondition.' }]),
    ...(Number.isNaN(most) || (most >= 1 && most <= MAX_ITERATIONS)
      ? []
      : [{ path: 'MaxIterations', message: `A loop has at most ${MAX_ITERATIONS} iterations, not ${most}.` }]),
  ];
}

function goesOn(context: StepContext): boolean {
  return holds(membersOf(context.fill(context.inputs['LoopCondition'])));
}

function limitOf(inputs: StepContext['inputs']): number {
  const most = Number(inputs['MaxIterations'] ?? MAX_ITERATIONS);
  if (Number.isInteger(most) && most >= 1 && most <= MAX_ITERATIONS) return most;
  throw new StepFailedError(`MaxIterations must be 1 to ${MAX_ITERATIONS}, not ${String(inputs['MaxIterations'])}`);
}

function iteratorsOf(inputs: StepContext['inputs']): readonly unknown[] {
  const { Iterators: values } = inputs;
  if (Array.isArray(values) && values.length <= MAX_ITERATIONS) return values;
  throw new StepFailedError(
    `Iterators must be a list of at most ${MAX_ITERATIONS} items, not ${JSON.stringify(values)}`,
  );
}
