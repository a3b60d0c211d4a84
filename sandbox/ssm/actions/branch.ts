import { spellValue } from '../references.ts';
import { type StepAction, StepFailedError } from './action.ts';

type Members = Readonly<Record<string, unknown>>;

const OPERATORS: Readonly<Record<string, (value: unknown, operand: unknown) => boolean>> = {
  StringEquals: (value, operand) => spellValue(value) === operand,
  EqualsIgnoreCase: (value, operand) => spellValue(value).toLowerCase() === String(operand).toLowerCase(),
  StartsWith: (value, operand) => spellValue(value).startsWith(String(operand)),
  EndsWith: (value, operand) => spellValue(value).endsWith(String(operand)),
  Contains: (value, operand) => spellValue(value).includes(String(operand)),
  NumericEquals: (value, operand) => Number(value) === Number(operand),
  NumericGreater: (value, operand) => Number(value) > Number(operand),
  NumericLesser: (value, operand) => Number(value) < Number(operand),
  NumericGreaterOrEquals: (value, operand) => Number(value) >= Number(operand),
  NumericLesserOrEquals: (value, operand) => Number(value) <= Number(operand),
  BooleanEquals: (value, operand) => String(value) === String(operand),
};

/**
 * `aws:branch`: goes to the first choice that holds, else to `Default`, else on in order.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-branch.html
 */
export const branch: StepAction = {
  required: ['Choices'],
  optional: ['Default'],
  outputs: [],
  run: async ({ inputs }) => {
    const choice = choicesOf(inputs).find((candidate) => holds(candidate));
    const nextStep = choice?.['NextStep'] ?? inputs['Default'];
    return typeof nextStep === 'string' ? { nextStep } : {};
  },
};

/** The choices of a branch, each an object. */
export function choicesOf(inputs: Members): readonly Members[] {
  return [inputs['Choices'] ?? []].flat().map(membersOf);
}

/** What is wrong with a choice; undefined when nothing is. */
export function problemOfChoice(choice: Members): string | undefined {
  if ('Not' in choice) return problemOfChoice(membersOf(choice['Not']));
  const parts = 'And' in choice ? choice['And'] : choice['Or'];
  if (Array.isArray(parts))
    return parts.map((part) => problemOfChoice(membersOf(part))).find((problem) => problem !== undefined);
  if (typeof choice['Variable'] !== 'string') return 'A choice needs a Variable.';
  const operators = Object.keys(choice).filter((key) => key !== 'Variable' && key !== 'NextStep');
  const [operator = ''] = operators;
  if (operators.length !== 1) return `A choice needs exactly one operator, not ${operators.length}.`;
  return operator in OPERATORS ? undefined : `There is no operator ${operator}.`;
}

/** Whether a choice holds, once its references are filled. */
export function holds(choice: Members): boolean {
  if ('Not' in choice) return !holds(membersOf(choice['Not']));
  if (Array.isArray(choice['And'])) return choice['And'].every((part) => holds(membersOf(part)));
  if (Array.isArray(choice['Or'])) return choice['Or'].some((part) => holds(membersOf(part)));
  return Object.entries(choice).some(([name, operand]) => OPERATORS[name]?.(choice['Variable'], operand) === true);
}

/** A value as the object that it must be. Throws a `StepFailedError`. */
export function membersOf(value: unknown): Members {
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value));
  throw new StepFailedError(`A choice must be an object, not ${JSON.stringify(value)}`);
}
