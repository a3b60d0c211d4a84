import {
  AutomationExecutionLimitExceededException,
  GetAutomationExecutionCommand,
  type SSMClient,
  SSMServiceException,
  StartAutomationExecutionCommand,
  StopAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import { withoutSecrets } from '../domain/secret-text.ts';
import type { AutomationStep } from '../domain/waits.ts';

/** How an automation stands: `going` until SSM calls it ended. */
export interface AutomationState {
  readonly state: 'going' | 'succeeded' | 'failed';
  /** SSM's own word, such as `TimedOut`. */
  readonly status: string;
  /** What SSM says went wrong; empty where nothing did. */
  readonly message: string;
  /** What the document gives out, as `step.Output: value`, one after the other; absent where it gives nothing. */
  readonly outputs?: string;
}

/** SSM would not start it now and may later: retried by the state machine. */
export class AutomationThrottledError extends Error {
  override readonly name = 'AutomationThrottledError' as const;

  constructor(document: string, cause: unknown) {
    super(`SSM is at its limit and did not start ${document}; it will be tried again.`, { cause });
  }
}

/** The automation ended without success. */
export class AutomationFailedError extends Error {
  override readonly name = 'AutomationFailedError' as const;

  constructor(executionId: string, { status, message }: AutomationState) {
    super(`The automation ${executionId} ended ${status}${message ? `: ${message}` : ''}.`);
  }
}

/** Nobody can say whether SSM has started it: the answer to its start never came, or could not be written down. */
export class AutomationUncertainError extends Error {
  override readonly name = 'AutomationUncertainError' as const;

  constructor(incidentId: string, step: AutomationStep) {
    super(`An automation to ${step} may have been started for the incident ${incidentId}; look in Systems Manager.`);
  }
}

/** Terminal statuses, from https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AutomationExecution.html */
const endings: Readonly<Record<string, 'succeeded' | 'failed'>> = {
  Success: 'succeeded',
  CompletedWithSuccess: 'succeeded',
  CompletedWithFailure: 'failed',
  Failed: 'failed',
  TimedOut: 'failed',
  Cancelled: 'failed',
  Rejected: 'failed',
  Exited: 'failed',
};

/** The state that a status of SSM stands for. */
export function automationStateOf(status: string, message: string): AutomationState {
  return { state: endings[status] ?? 'going', status, message };
}

/** SSM Automation, as far as a remediation needs it. */
export class Automation {
  readonly #client: SSMClient;

  constructor(client: SSMClient) {
    this.#client = client;
  }

  /**
   * Starts an automation and answers its execution id; the same `clientToken` never starts a second one. Without a
   * version the document's default is run.
   */
  async start(
    document: string,
    version: string | undefined,
    parameters: Readonly<Record<string, readonly string[]>>,
    clientToken: string,
  ): Promise<string> {
    const mutable = Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, [...values]]));
    try {
      const answer = await this.#client.send(
        new StartAutomationExecutionCommand({
          DocumentName: document,
          DocumentVersion: version,
          Parameters: mutable,
          ClientToken: clientToken,
        }),
      );
      return answer.AutomationExecutionId ?? '';
    } catch (error) {
      if (isThrottle(error)) throw new AutomationThrottledError(document, error);
      throw error;
    }
  }

  async look(executionId: string): Promise<AutomationState> {
    const { AutomationExecution: execution } = await this.#client.send(
      new GetAutomationExecutionCommand({ AutomationExecutionId: executionId }),
    );
    const state = automationStateOf(
      execution?.AutomationExecutionStatus ?? 'unknown',
      withoutSecrets(execution?.FailureMessage ?? ''),
    );
    const outputs = outputsOf(execution?.Outputs);
    return outputs ? { ...state, outputs } : state;
  }

  async cancel(executionId: string): Promise<void> {
    await this.#client.send(new StopAutomationExecutionCommand({ AutomationExecutionId: executionId, Type: 'Cancel' }));
  }
}

const maxOutputs = 1000;

function outputsOf(outputs: Readonly<Record<string, readonly string[]>> = {}): string {
  const lines = Object.entries(outputs).map(([name, values]) => `${name}: ${values.join(', ')}`);
  return withoutSecrets(lines.join('; ')).slice(0, maxOutputs);
}

/**
 * Whether an error of one single try to start says for certain that nothing was started: SSM itself refused. After no
 * answer, or an answer of 5xx, it may have been; a mismatch means that the token has started something before.
 */
export function isRefusedStart(error: unknown): boolean {
  if (error instanceof AutomationThrottledError) return true;
  if (!(error instanceof SSMServiceException) || error.name === 'IdempotentParameterMismatch') return false;
  const status = error.$metadata.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && status !== 408;
}

function isThrottle(error: unknown): boolean {
  if (error instanceof AutomationExecutionLimitExceededException) return true;
  return error instanceof Error && (error.name === 'ThrottlingException' || error.name === 'TooManyUpdates');
}
