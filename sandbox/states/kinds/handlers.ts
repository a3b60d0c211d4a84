import { matchesError } from '../error-matching.ts';
import { toErrorOutput } from '../error-output.ts';
import { RetryPolicy } from '../retry.ts';
import { StateError } from '../state-error.ts';
import type { StateFrame, Step } from '../state-frame.ts';
import { noteEvaluationFailures } from './evaluation-failure.ts';

/** Runs a state that may have `Retry` and `Catch`: retries first, catchers after them. Throws the `StateError` that neither takes. */
export async function runWithHandlers(frame: StateFrame, run: (frame: StateFrame) => Promise<Step>): Promise<Step> {
  const { engine, execution, signal } = frame.branch;
  const retries = new RetryPolicy(frame.state.Retry ?? [], engine.jitter);
  for (;;) {
    try {
      return await noteEvaluationFailures(frame, () => run(frame));
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const delayMs = retries.next(error);
      if (delayMs === undefined) return await catchError(frame, error);
      if (delayMs > 0) await engine.clock.sleep(delayMs, `retry of ${frame.name}`, signal);
      if (signal.aborted) throw signal.reason;
      frame.retryCount += 1;
      execution.transitions += 1;
    }
  }
}

async function catchError(frame: StateFrame, error: StateError): Promise<Step> {
  noteFailure(frame, error);
  const catchers = frame.state.Catch ?? [];
  const index = catchers.findIndex((catcher) => matchesError(catcher.ErrorEquals, error));
  const catcher = catchers[index];
  if (!catcher) throw error;
  frame.taskToken = undefined;
  const errorOutput = toErrorOutput(error, catcher.ErrorEquals);
  const outcome = await noteEvaluationFailures(frame, () =>
    frame.language.catchError(frame, catcher, index, errorOutput),
  );
  return { ...outcome, next: catcher.Next };
}

/** A `States.Runtime` failure before any branch began ends the execution without a word about the state. */
function noteFailure(frame: StateFrame, error: StateError): void {
  const type = frame.state.Type;
  if (type !== 'Parallel' && type !== 'Map') return;
  const { execution, cursor } = frame.branch;
  if (error.details.error === 'States.Runtime' && cursor.last === frame.enteredEventId) return;
  execution.history.add(cursor, `${type}StateFailed`);
}
