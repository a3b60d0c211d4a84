import { GetCommandInvocationCommand, SendCommandCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** How a command on one instance ended. */
export interface CommandResult {
  /** SSM's own word: `Success`, `Failed`, `TimedOut`, … */
  readonly status: string;
  /** What it printed; SSM keeps the first 24,000 characters: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
  readonly output: string;
  readonly errors: string;
}

const going = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);

/** SSM Run Command on one instance. */
export class CommandRunner {
  readonly #client: SSMClient;

  constructor(client: SSMClient) {
    this.#client = client;
  }

  /** Sends this version of a command document to an instance and answers the command id. */
  async send(
    document: string,
    version: string,
    instanceId: string,
    parameters: Readonly<Record<string, string>>,
    timeoutSeconds: number,
  ): Promise<string> {
    const Parameters = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
    const { Command: command } = await this.#client.send(
      new SendCommandCommand({
        DocumentName: document,
        DocumentVersion: version,
        InstanceIds: [instanceId],
        Parameters,
        TimeoutSeconds: timeoutSeconds,
      }),
    );
    return command?.CommandId ?? '';
  }

  /** How the command stands on the instance, or undefined while it still runs. */
  async look(commandId: string, instanceId: string): Promise<CommandResult | undefined> {
    const answer = await this.#client.send(
      new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }),
    );
    const status = answer.Status ?? 'Pending';
    if (going.has(status)) return undefined;
    return { status, output: answer.StandardOutputContent ?? '', errors: answer.StandardErrorContent ?? '' };
  }
}
