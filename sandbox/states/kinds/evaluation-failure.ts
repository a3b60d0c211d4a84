import { StateError } from '../state-error.ts';
import type { StateFrame } from '../state-frame.ts';

/** Runs `work`; a query that fails in it is put into the history and its cause completed. */
export async function noteEvaluationFailures<T>(frame: StateFrame, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    const failure = error.inState(frame.name, frame.enteredEventId);
    const { error: name, cause, location, isBare } = error.details;
    if (name === 'States.QueryEvaluationError' && isBare)
      note(frame, { error: name, cause: failure.details.cause ?? cause, location });
    throw failure;
  }
}

function note(
  frame: StateFrame,
  details: { error: string; cause: string | undefined; location: string | undefined },
): void {
  const { execution, cursor } = frame.branch;
  const { location, ...rest } = details;
  const evaluationFailedEventDetails = { ...rest, state: frame.name, ...(location !== undefined && { location }) };
  cursor.last = execution.history.append(frame.beforeEnteredEventId, 'EvaluationFailed', {
    evaluationFailedEventDetails,
  });
}
