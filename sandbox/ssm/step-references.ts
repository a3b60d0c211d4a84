import { StepFailedError } from './actions/action.ts';
import { type AutomationExecution, findStep } from './automation-execution.ts';
import type { ResolveReference } from './references.ts';

/** Where and when references are resolved. */
export interface ReferencePlace {
  readonly nowMs: number;
  readonly region: string;
  readonly account: string;
}

/** What `{{ … }}` in the steps of an execution stands for now. An output that is not there yet is a `StepFailedError`. */
export function referencesOf(
  execution: AutomationExecution,
  { nowMs, region, account }: ReferencePlace,
): ResolveReference {
  const time = new Date(nowMs).toISOString();
  const globals: Readonly<Record<string, string>> = {
    'global:DATE': time.slice(0, 10),
    'global:DATE_TIME': time.slice(0, 19).replaceAll(':', '.').replace('T', '_'),
    'global:REGION': region,
    'global:ACCOUNT_ID': account,
    'automation:EXECUTION_ID': execution.id,
  };
  return (reference) => {
    if (reference in globals) return globals[reference];
    if (Object.hasOwn(execution.parameters, reference)) return execution.parameters[reference];
    const variable = variableOf(reference);
    if (variable !== undefined) return readVariable(execution, variable);
    const [name, output = ''] = reference.split('.');
    const outputs = findStep(execution, name)?.outputs ?? {};
    if (Object.hasOwn(outputs, output)) return outputs[output];
    throw new StepFailedError(`No output available yet because the step is not successfully executed: ${reference}`);
  };
}

/** The name of the variable that `variable:<name>` refers to; undefined for any other reference. */
export function variableOf(reference: string): string | undefined {
  return /^variable:(.+)$/s.exec(reference)?.[1];
}

function readVariable({ variables }: AutomationExecution, name: string): unknown {
  const value = variables.get(name);
  if (value === undefined) throw new StepFailedError(`The variable ${name} has no value yet`);
  return value;
}

/** The name in `step:<name>`; undefined for any other text. */
export function stepNamed(text: string): string | undefined {
  return /^step:(.*)$/.exec(text)?.[1];
}
