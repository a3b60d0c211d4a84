import type { RoutedCall } from '../sandbox/router.ts';
import type { AwsCall, AwsError } from '../sandbox/aws.ts';
import type { ExecutionView } from '../sandbox/states/step-functions.ts';
import type { RecordedCall, WorldDescription } from '../sandbox/world/world.ts';
import type { Incident, TimelineEntry } from '../functions/domain/incident.ts';
import type { LocalStack } from './local-stack.ts';
import type { Approver } from './rehearsal-schema.ts';

/** What breaks in a scene: an error for the calls that it breaks, `hang` for those without an answer. */
export type Breaks = (call: AwsCall) => AwsError | 'hang' | undefined;

/** What one play is made of. */
export interface Scene {
  readonly event: Readonly<Record<string, unknown>>;
  readonly world: WorldDescription;
  /** The folder that files named in the world are relative to. */
  readonly directory: string;
  readonly approver: Approver;
  /** Called once for each play, since it may count. */
  readonly breaks?: () => Breaks;
  readonly losesStatusEvents?: boolean;
  readonly chatIsDown?: boolean;
  /** Seconds after which the same event comes once more. */
  readonly duplicateAfterSeconds?: number;
  /** What else is so before the alarm fires, such as a kill switch that is on. */
  readonly prepare?: (stage: StagedStack) => Promise<void> | void;
  /** Told of every line of the timeline, before anything follows from it. */
  readonly onEntry?: (entry: TimelineEntry, incidentId: string, stage: StagedStack) => void;
  /** How long is waited after the runbook has ended for what follows from it. @default 150 */
  readonly afterwardsSeconds?: number;
  /** Whether it is played until the incident is closed, or only until the runbook has ended. */
  readonly toTheEnd: boolean;
}

/** What a scene may reach into. */
export interface StagedStack {
  readonly stack: LocalStack;
  readonly nowMs: number;
}

/** A message that reached people, or would have. */
export interface Told {
  readonly by: 'sns' | 'chat';
  /** The first line of it. */
  readonly text: string;
}

/** A line of the timeline, when it was written. */
export interface Heard {
  readonly entry: TimelineEntry;
  /** Real milliseconds of this process. */
  readonly realAt: number;
}

/** What came of a play. */
export interface Played {
  /** Undefined where the event opened none. */
  readonly incident: Incident | undefined;
  readonly timeline: readonly TimelineEntry[];
  /** The timeline as it was written, with real milliseconds since the play began. */
  readonly steps: readonly { readonly entry: TimelineEntry; readonly realMs: number }[];
  /** The execution of the runbook's own machine; undefined where it was not started. */
  readonly runbook: ExecutionView | undefined;
  /** Every Standard execution that began in the play, the runbook's own among them. */
  readonly executions: readonly ExecutionView[];
  /** Every call to AWS in the play, in order. */
  readonly calls: readonly RoutedCall[];
  /** Those that the world was asked. */
  readonly worldCalls: readonly RecordedCall[];
  readonly told: readonly Told[];
  /** Automations and commands that have not ended. */
  readonly unfinished: readonly string[];
  /** Targets whose lease is still held. */
  readonly leases: readonly string[];
  /** Refusals of IAM, each as AWS words it. */
  readonly denied: readonly string[];
  /** What went wrong in the sandbox itself: undescribed calls, undeliverable messages. */
  readonly faults: readonly string[];
  /** Epoch milliseconds of virtual time. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Real milliseconds. */
  readonly elapsedMs: number;
}
