import type { Integration } from '../integrations/integration.ts';
import type { TaskResource } from '../integrations/resource.ts';
import type { Json } from '../json.ts';
import type { StateError } from '../state-error.ts';
import type { StateFrame } from '../state-frame.ts';

/** Puts the events of one attempt of a task into the history. Functions called by their ARN have events of their own kind. */
export class TaskEvents {
  readonly #frame: StateFrame;
  readonly #resource: TaskResource;
  readonly #names: { readonly resource: string; readonly resourceType: string };

  constructor(frame: StateFrame, resource: TaskResource, integration: Integration) {
    this.#frame = frame;
    this.#resource = resource;
    this.#names = { resource: integration.resource, resourceType: integration.resourceType };
  }

  noteScheduled(parameters: Json, timeoutInSeconds: number | undefined, heartbeatInSeconds: number | undefined): void {
    const times = {
      ...(timeoutInSeconds !== undefined && { timeoutInSeconds }),
      ...(heartbeatInSeconds !== undefined && { heartbeatInSeconds }),
    };
    if (this.#resource.kind === 'function') {
      const input = { input: JSON.stringify(parameters), inputDetails: { truncated: false } };
      this.#add('Scheduled', { resource: this.#resource.arn, ...input, ...times });
    } else {
      const { region } = this.#frame.branch.engine;
      this.#add('Scheduled', { ...this.#names, region, parameters: JSON.stringify(parameters), ...times });
    }
    this.#add('Started', this.#names);
  }

  noteSubmitted(output: Json): void {
    this.#add('Submitted', { ...this.#names, ...describeOutput(output) });
  }

  noteSucceeded(output: Json): void {
    this.#add('Succeeded', { ...this.#names, ...describeOutput(output) });
  }

  noteFailed({ details }: StateError): void {
    const { error, cause } = details;
    const failure = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    this.#add(error === 'States.Timeout' ? 'TimedOut' : 'Failed', { ...this.#names, ...failure });
  }

  #add(moment: string, details: Readonly<Record<string, unknown>>): void {
    const { execution, cursor } = this.#frame.branch;
    if (this.#resource.kind !== 'function') {
      execution.history.add(cursor, `Task${moment}`, { [`task${moment}EventDetails`]: details });
      return;
    }
    const { resourceType: _type, resource, ...own } = details;
    const shown = moment === 'Scheduled' ? { resource, ...own } : own;
    const keyed = Object.keys(shown).length > 0 ? { [`lambdaFunction${moment}EventDetails`]: shown } : {};
    execution.history.add(cursor, `LambdaFunction${moment}`, keyed);
  }
}

function describeOutput(output: Json): Record<string, unknown> {
  return { output: JSON.stringify(output), outputDetails: { truncated: false } };
}
