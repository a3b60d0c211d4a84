import type { StepExecution } from '@aws-sdk/client-ssm';
import { invokedFunction, jsonOr, stepInputs, stepSeconds } from './step-inputs.ts';

/** How long a job is said to last whose end nobody saw: longer than any automation follows it. */
const withoutEnd = '1d';

/** The function of Handsoff's own that automations ask. It runs in a rehearsal too: the jobs that it runs are the world's. */
export function callsRundeck(step: StepExecution): boolean {
  return invokedFunction(step) === 'handsoff-call-rundeck';
}

/** The jobs that an automation ran in Rundeck, as it saw them. */
export function recordJobs(steps: readonly StepExecution[]): Record<string, unknown>[] {
  const runs = steps.filter((step) => callsRundeck(step) && askedIn(step)['operation'] === 'run');
  return runs.map((run) => {
    const later = steps.slice(steps.indexOf(run));
    const end = later.findIndex((step) => callsRundeck(step) && answerIn(step)['progress'] === 'finished');
    const options = Object.entries(Object(askedIn(run)['options'])).map(([name, value]) => [name, [value]] as const);
    return {
      ...(options.length > 0 && { options: Object.fromEntries(options) }),
      status: answerIn(later[end])['status'] === 'succeeded' ? 'succeeded' : 'failed',
      lasts: end < 0 ? withoutEnd : `${sleptSeconds(later.slice(0, end))}s`,
      times: 1,
    };
  });
}

/** What Rundeck did not answer, which no world says. */
export function jobsToDescribe(steps: readonly StepExecution[]): string[] {
  const failed = steps.filter((step) => callsRundeck(step) && step.StepStatus !== 'Success');
  return failed.map(
    ({ StepName, FailureMessage: why = 'without a reason' }) =>
      `Rundeck failed the step ${StepName} (${why}), which no world says: describe what comes of its job when it does not.`,
  );
}

/** Whether a step was given what names a run of Rundeck. Another run has another number: what is made of it is made anew. */
export function isAboutRun(step: StepExecution, steps: readonly StepExecution[]): boolean {
  const given = step.Inputs?.['InputPayload'] ?? '';
  const runs = steps.filter(callsRundeck).map((call) => answerIn(call)['execution']);
  return runs.some((run) => typeof run === 'string' && new RegExp(`(?<!\\d)${run}(?!\\d)`).test(given));
}

/** In a rehearsal nothing but a sleep takes time between two looks at a job. */
function sleptSeconds(steps: readonly StepExecution[]): number {
  return steps.filter(({ Action }) => Action === 'aws:sleep').reduce((sum, step) => sum + stepSeconds(step), 0);
}

function askedIn(step: StepExecution): Record<string, unknown> {
  return Object(stepInputs(step)['InputPayload']) as Record<string, unknown>;
}

function answerIn(step: StepExecution | undefined): Record<string, unknown> {
  return Object(jsonOr(step?.Outputs?.['Payload']?.[0])) as Record<string, unknown>;
}
