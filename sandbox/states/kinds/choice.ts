import { StateError } from '../state-error.ts';
import type { StateFrame, Step } from '../state-frame.ts';

/** Runs a Choice: takes the first rule that holds, else `Default`. Throws `States.NoChoiceMatched` when there is neither. */
export async function runChoice(frame: StateFrame): Promise<Step> {
  const { state, language } = frame;
  const input = language.selectInput(frame);
  for (const [index, rule] of (state.Choices ?? []).entries()) {
    if (!(await language.holds(frame, rule, index, input))) continue;
    return { ...(await language.choose(frame, input, { rule, index })), next: rule.Next };
  }
  if (state.Default === undefined) throw noChoiceMatched(frame);
  return { ...(await language.choose(frame, input)), next: state.Default };
}

function noChoiceMatched(frame: StateFrame): StateError {
  const cause = 'No choice rule matched, and the state has no Default.';
  return new StateError({ error: 'States.NoChoiceMatched', cause, isBare: true }).inState(
    frame.name,
    frame.enteredEventId,
  );
}
