import type { StateFrame, Step } from '../state-frame.ts';

/** Runs a Succeed, which ends its machine or branch. */
export async function runSucceed(frame: StateFrame): Promise<Step> {
  return frame.language.pass(frame, frame.language.selectInput(frame));
}
