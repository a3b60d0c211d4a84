import type { CallAws } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { ScriptRequest, ScriptResult } from '../world/script.ts';
import type { AutomationExecution, AutomationStatus, StepExecution } from './automation-execution.ts';

/** What the run of one automation stands in. */
export interface RunOptions {
  readonly clock: VirtualClock;
  readonly call: CallAws;
  readonly account: string;
  readonly region: string;
  readonly scriptResult?: (request: ScriptRequest) => Promise<ScriptResult>;
  readonly onStatus: (execution: AutomationExecution) => void;
  /** Told of what went wrong in the sandbox rather than in the automation. */
  readonly onFault: (fault: Error) => void;
}

/** How one step ended, all its attempts over. */
export interface StepEnd {
  readonly status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';
  readonly nextStep?: string | undefined;
  /** What ended it, when that was a step inside of it. */
  readonly inner?: Stopped;
}

/** The step that ended the whole automation, and how. */
export interface Stopped {
  readonly status: AutomationStatus;
  readonly step: StepExecution;
}

/** Raised inside a loop when one of its steps ended the automation: the loop ends as that step says. */
export class LoopStoppedError extends Error {
  override readonly name = 'LoopStoppedError' as const;
  readonly end: Stopped;

  constructor(end: Stopped) {
    super(end.step.failureMessage ?? `The step ${end.step.step.name} was stopped`);
    this.end = end;
  }
}

/** Raised where a step is when the automation is cancelled. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError' as const;
}
