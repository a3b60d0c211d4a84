import type { FaultInjector, RoutedCall } from '../sandbox/router.ts';
import type { AwsCall } from '../sandbox/aws.ts';
import type { Item } from '../sandbox/dynamodb/dynamodb.ts';
import type { ExecutionPosition, ExecutionView } from '../sandbox/states/step-functions.ts';
import type { RecordedCall, RememberedCall, WorldDescription } from '../sandbox/world/world.ts';
import type { Incident, TimelineEntry } from '../functions/domain/incident.ts';
import type { Approver } from './rehearsal-schema.ts';

/** What breaks in a scene. */
export type Breaks = FaultInjector;

/** What one play is made of. */
export interface Scene {
  readonly event: Readonly<Record<string, unknown>>;
  readonly world: WorldDescription;
  readonly approver: Approver;
  /** Called once for each play, since it may count. */
  readonly breaks?: () => Breaks;
  readonly losesStatusEvents?: boolean;
  readonly chatIsDown?: boolean;
  /** Whether messages go to the chat too, which costs a third of a play. @default true */
  readonly hasChat?: boolean;
  /** Seconds after which the same event comes once more. */
  readonly duplicateAfterSeconds?: number;
  /** Told of every line of the timeline, before anything follows from it. */
  readonly onEntry?: (entry: TimelineEntry) => void;
  /** Where the play begins instead of with its event: what comes before is as it was there. */
  readonly from?: Beginning;
  /** How long is waited after the runbook has ended for what follows from it. @default 150 */
  readonly afterwardsSeconds?: number;
  /** Whether it is played until the incident is closed, or only until the runbook has ended. */
  readonly toTheEnd: boolean;
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

/** What a runbook's machine asked of `remediate`, and how things stood just then: where guard scenarios start from. */
export interface AskedRepair {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Items of the incident table, attribute values as on the wire. */
  readonly items: readonly Item[];
  /** Epoch milliseconds of virtual time. */
  readonly at: number;
}

/**
 * Where generated scenes begin: the response to an alert, and how things stood when one of its machines made a call of
 * note, before anything followed from that.
 */
export interface Beginning {
  /** The start of the response. */
  readonly call: AwsCall;
  /** Items of the incident table, attribute values as on the wire. */
  readonly items: readonly Item[];
  /** Epoch milliseconds of virtual time. */
  readonly at: number;
  /** How long the response had been under way, in milliseconds of virtual time. */
  readonly sinceMs: number;
  /** How many calls had been made since the response was started. */
  readonly callsBefore: number;
  /** They, but for those that are made again. */
  readonly made: readonly AwsCall[];
  /** What the world had been asked and told. */
  readonly remembered: readonly RememberedCall[];
  /** Where the machines stood that the response had started, by ARN. */
  readonly positions: ReadonlyMap<string, ExecutionPosition>;
}

/** What the guard answered when it alone was asked. */
export interface AskedGuard extends CallsOfPlay {
  readonly hasFailed: boolean;
  /** Its answer, or its error as Lambda gives it. */
  readonly answer: unknown;
  /** Real milliseconds. */
  readonly elapsedMs: number;
}

/** Where other scenes begin, as a play came by. */
export interface Noted {
  /** In order; none where the event opened no incident. */
  readonly beginnings: readonly Beginning[];
  /** Undefined where no repair was asked for. */
  readonly asked: AskedRepair | undefined;
  /** Every call since the response was started, in order, those that are made again among them. */
  readonly made: readonly AwsCall[];
  /** What the guard was asked last; where an approver was asked, that is after he agreed. */
  readonly guarded: AskedRepair | undefined;
}

/** What was called in a play or a part of one, and what went wrong with that. */
export interface CallsOfPlay {
  /** Every call to AWS, in order. */
  readonly calls: readonly RoutedCall[];
  /** Refusals of IAM, each as AWS words it. */
  readonly denied: readonly string[];
  /** What went wrong in the sandbox itself: undescribed calls, events and messages that were not taken. */
  readonly faults: readonly string[];
}

/** What came of a play. */
export interface Played extends Noted, CallsOfPlay {
  /** Undefined where the event opened none. */
  readonly incident: Incident | undefined;
  readonly timeline: readonly TimelineEntry[];
  /** The timeline as it was written, with real milliseconds since the play began. */
  readonly steps: readonly { readonly entry: TimelineEntry; readonly realMs: number }[];
  /** The execution of the runbook's own machine; undefined where it was not started. */
  readonly runbook: ExecutionView | undefined;
  /** Every Standard execution that began in the play, the runbook's own among them. */
  readonly executions: readonly ExecutionView[];
  /** The calls that the world was asked. */
  readonly worldCalls: readonly RecordedCall[];
  readonly told: readonly Told[];
  /** Groups of which a share was in repair. */
  readonly groups: readonly string[];
  /** Automations and commands that have not ended. */
  readonly unfinished: readonly string[];
  /** Targets whose lease is still held. */
  readonly leases: readonly string[];
  /** Epoch milliseconds of virtual time. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Real milliseconds. */
  readonly elapsedMs: number;
}
