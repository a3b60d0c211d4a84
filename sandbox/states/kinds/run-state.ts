import type { StateType } from '../definition.ts';
import type { StateFrame, Step } from '../state-frame.ts';
import { noteEvaluationFailures } from './evaluation-failure.ts';
import { runWithHandlers } from './handlers.ts';
import { runChoice } from './choice.ts';
import { runFail } from './fail.ts';
import { runMap } from './map.ts';
import { runParallel } from './parallel.ts';
import { runPass } from './pass.ts';
import { runSucceed } from './succeed.ts';
import { runTask } from './task.ts';
import { runWait } from './wait.ts';

const KINDS: Readonly<Record<StateType, (frame: StateFrame) => Promise<Step>>> = {
  Pass: runPass,
  Task: (frame) => runWithHandlers(frame, runTask),
  Choice: runChoice,
  Wait: runWait,
  Succeed: runSucceed,
  Fail: runFail,
  Parallel: (frame) => runWithHandlers(frame, runParallel),
  Map: (frame) => runWithHandlers(frame, runMap),
};

/** Runs one visit of a state of any kind. Throws a `StateError`. */
export function runState(frame: StateFrame): Promise<Step> {
  return noteEvaluationFailures(frame, () => KINDS[frame.state.Type](frame));
}
