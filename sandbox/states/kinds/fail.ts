import { StateError } from '../state-error.ts';
import type { StateFrame } from '../state-frame.ts';

/** Runs a Fail: throws a `StateError` with its error and cause. */
export async function runFail(frame: StateFrame): Promise<never> {
  const error = await frame.language.readText(frame, 'Error', frame.input);
  const cause = await frame.language.readText(frame, 'Cause', frame.input);
  throw new StateError({ error, cause });
}
