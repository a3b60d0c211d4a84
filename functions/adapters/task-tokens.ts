import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { WaitOutcome } from '../domain/waits.ts';

/** How a wait of any kind ends: its value, or a named error with its cause. */
export type TokenOutcome = WaitOutcome | { readonly error: string; readonly cause: string };

/** Step Functions keeps at most 32,768 characters of a cause: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html */
const maxCauseLength = 32_768;

/** The one place that completes a task token. */
export class TaskTokens {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  /** Ends the wait behind a token. Answers false when nobody waits on it any more, which is no fault. */
  async complete(token: string, outcome: TokenOutcome): Promise<boolean> {
    try {
      await this.#send(token, outcome);
      return true;
    } catch (error) {
      if (error instanceof TaskDoesNotExist || error instanceof TaskTimedOut) return false;
      throw error;
    }
  }

  async #send(token: string, outcome: TokenOutcome): Promise<void> {
    if ('success' in outcome) {
      await this.#client.send(
        new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(outcome.success) }),
      );
      return;
    }
    const cause = outcome.cause.slice(0, maxCauseLength);
    await this.#client.send(new SendTaskFailureCommand({ taskToken: token, error: outcome.error, cause }));
  }
}
