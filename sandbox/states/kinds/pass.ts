import type { StateFrame, Step } from '../state-frame.ts';

/** Runs a Pass: hands on its result, or its input. */
export async function runPass(frame: StateFrame): Promise<Step> {
  const { state, language } = frame;
  const input = language.selectInput(frame);
  const result = state.Result === undefined ? await language.makeArguments(frame, input) : state.Result;
  return { ...(await language.finish(frame, input, result)), next: state.Next };
}
