import type { AwsCall } from '../sandbox/aws.ts';
import type { WorldDescription } from '../sandbox/world/world.ts';
import { isInvoking } from './changing-calls.ts';

/**
 * What the diagnostics of a recorded execution found. The world says it as the answer of `lambda:Invoke` on the diagnose
 * function, one for each time that it was asked. The function itself still runs, so that it is recorded and told as ever:
 * it is given the findings, and looks at nothing.
 */
export class RecordedFindings {
  readonly #isMachine: (roleArn: string) => boolean;
  #left: unknown[] = [];

  constructor(isMachine: (roleArn: string) => boolean) {
    this.#isMachine = isMachine;
  }

  /** From now on the findings are those of another world. */
  use({ answers }: WorldDescription): void {
    const recorded = answers.filter(
      ({ call, input }) => call === 'lambda:Invoke' && /diagnose/.test(JSON.stringify(input)),
    );
    this.#left = recorded.map(({ output }) => memberOf(memberOf(output, 'Payload'), 'findings') ?? []);
  }

  /** The call as it is to be made: one of the diagnose function with the next recorded findings, any other as it is. */
  rewrite(call: AwsCall): AwsCall {
    const { input, principal } = call;
    const isDiagnosis = isInvoking(call, 'handsoff-diagnose');
    if (this.#left.length === 0 || !isDiagnosis || !this.#isMachine(principal.arn)) return call;
    const payload: unknown = JSON.parse(String(input['Payload']));
    const findings = this.#left.shift();
    return { ...call, input: { ...input, Payload: JSON.stringify({ ...Object(payload), diagnostics: [], findings }) } };
  }
}

/** A member of a value that may be no object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
