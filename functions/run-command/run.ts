import type { CommandRunner } from '../adapters/command-runner.ts';
import type { OwnDocuments } from '../adapters/own-documents.ts';
import type { WaitStore } from '../adapters/wait-store.ts';

export interface RunRequest {
  readonly incident_id: string;
  readonly task_token: string;
  readonly document: string;
  readonly instance_id: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Seconds that SSM may take to reach the instance; SSM allows no less than 30. */
  readonly timeout_seconds: number;
}

export interface RunPorts {
  readonly commands: Pick<CommandRunner, 'send'>;
  readonly documents: Pick<OwnDocuments, 'versionOf'>;
  readonly waits: Pick<WaitStore, 'storeRemote'>;
}

/** Raised for a value that must not reach a shell, wherever it came from. */
export class UnsafeParameterError extends Error {
  override readonly name = 'UnsafeParameterError' as const;

  constructor(name: string) {
    super(`The value of ${name} is not one that may be given to a command; the instance was not touched.`);
  }
}

/** What any command may be given: the document's own `allowedPattern` is stricter still. */
const safeValue = /^[A-Za-z0-9/._@:-]{1,255}$/;

/** Runs a command document that only looks, as it was built, and leaves the task token where its status event will find it. */
export async function runCommand(
  request: RunRequest,
  { commands, documents, waits }: RunPorts,
  now: Date,
): Promise<{ command_id: string }> {
  const { incident_id, task_token: token, document, instance_id, parameters, timeout_seconds } = request;
  for (const [name, value] of Object.entries(parameters)) {
    if (!safeValue.test(value) || value.split('/').includes('..')) throw new UnsafeParameterError(name);
  }
  const version = await documents.versionOf(document);
  const command_id = await commands.send(document, version, instance_id, parameters, timeout_seconds);
  await waits.storeRemote('COMMAND', { token, incident_id, execution_id: command_id }, timeout_seconds, now);
  return { command_id };
}
