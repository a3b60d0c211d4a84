import type { StepExecution } from '@aws-sdk/client-ssm';
import { nameOfFunction } from '../changing-calls.ts';

/** What a step of an automation was given. SSM keeps each input as JSON text. */
export function stepInputs({ Inputs: inputs = {} }: StepExecution): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, jsonOr(text)]));
}

/** The value that a text is JSON of, or else the text itself. */
export function jsonOr(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

/** How long a step took, in seconds. */
export function stepSeconds({ ExecutionStartTime: from, ExecutionEndTime: to }: StepExecution): number {
  return Math.max(0, Math.round(((to?.getTime() ?? 0) - (from?.getTime() ?? 0)) / 1000));
}

/** The function that a step asked, by its name whether it was asked by that or by its ARN; empty for any other step. */
export function invokedFunction(step: StepExecution): string {
  if (step.Action !== 'aws:invokeLambdaFunction' || step.StepStatus === 'Pending') return '';
  return nameOfFunction(stepInputs(step)['FunctionName']);
}
