import type { Json } from '../json.ts';
import { queryEvaluationError, runtimeError } from '../state-error.ts';
import type { StateFrame, Step } from '../state-frame.ts';
import { parseTimestamp } from '../timestamp.ts';

/** Longest wait that Step Functions takes, in milliseconds: about 24,855 days. */
const MAX_WAIT_MS = 2_147_483_647_000;

/** Runs a Wait on the virtual clock. A time that has passed does not wait. */
export async function runWait(frame: StateFrame): Promise<Step> {
  const { state, language, branch } = frame;
  const input = language.selectInput(frame);
  const delayMs = await readDelay(frame, input);
  if (delayMs > MAX_WAIT_MS) throw runtimeError('Wait state delay is too long.');
  if (delayMs > 0) await branch.engine.clock.sleep(delayMs, frame.name, branch.signal);
  return { ...(await language.pass(frame, input)), next: state.Next };
}

async function readDelay(frame: StateFrame, input: Json): Promise<number> {
  const { language, branch } = frame;
  const seconds = await language.readNumber(frame, 'Seconds', input);
  if (seconds !== undefined) return seconds * 1000;
  const text = (await language.readText(frame, 'Timestamp', input)) ?? '';
  const at = parseTimestamp(text);
  if (at !== undefined) return at - branch.engine.clock.now();
  const cause = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
  throw queryEvaluationError(cause, 'Timestamp');
}
