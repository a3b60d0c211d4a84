import type { AwsCall } from '../../sandbox/aws.ts';
import type { Assembly } from '../../sandbox/assembly/assembly.ts';
import type { IsMachine } from '../breaks.ts';
import type { Rehearsal } from '../rehearsal-file.ts';
import { type BreakKind, faultKinds } from '../rehearsal-schema.ts';
import type { RehearsedRunbook } from '../rehearsed-runbook.ts';
import type { Breaks, Played, Scene } from '../scene.ts';

/** An author's rehearsal that passed: what generated scenarios start from. */
export interface PassedPlay {
  readonly rehearsal: Rehearsal;
  readonly scene: Scene;
  readonly played: Played;
}

/** What generated scenarios are about. */
export interface MatrixFacts {
  readonly runbook: RehearsedRunbook;
  readonly assembly: Assembly;
  readonly isMachine: IsMachine;
  /** Roles of the functions that look on a runbook's behalf: its diagnostics, and its commands that only look. */
  readonly lookingRoles: readonly string[];
  /** Calls, as `service:Operation`, whose answers list what did not succeed. */
  readonly partial: ReadonlySet<string>;
}

/**
 * How the call of this name breaks where whoever makes it takes one way for another: the ways of all calls take turns.
 */
export function kindsInTurn(turn: number, name: string, facts: MatrixFacts): BreakKind[] {
  return [faultKinds[turn % faultKinds.length] ?? 'throttled', ...partialKind(name, facts)];
}

/** How a call can break beside the ways in which all can. */
export function partialKind(name: string, { partial }: MatrixFacts): 'partial'[] {
  return partial.has(name) ? ['partial'] : [];
}

/** A scenario that nobody wrote. */
export interface GeneratedScenario {
  readonly name: string;
  readonly scene: Scene;
}

/** What is different first in a scene from the play that it comes from. */
export interface FirstDifference {
  /** Asked of the play's calls in their order. @default - no call is */
  readonly isOther?: (call: AwsCall) => boolean;
  /** @default - never */
  readonly afterMs?: number;
}

/** The scene of a play in which something breaks beside: it ends with the runbook. */
export function brokenScene(play: PassedPlay, breaks: () => Breaks): Scene {
  const first = breaks();
  const scene = changedScene(play, { isOther: (call) => first(call) !== undefined });
  const broken = () => {
    const made = breaks();
    // What counts calls counts those before as well.
    for (const call of scene.from?.made ?? []) made(call);
    return made;
  };
  return { ...scene, breaks: broken };
}

/**
 * The scene of a play in which something is different from its first call on that `isOther` is true of, or from `afterMs`
 * of virtual time after its response was started: it begins as late as it can before that, and ends with the runbook.
 */
export function changedScene(
  play: PassedPlay,
  { isOther = () => false, afterMs = Number.POSITIVE_INFINITY }: FirstDifference,
): Scene {
  const { beginnings, made } = play.played;
  const first = made.findIndex(isOther);
  const callsBefore = first < 0 ? Number.POSITIVE_INFINITY : first;
  const from = beginnings.findLast((begun) => begun.callsBefore <= callsBefore && begun.sinceMs < afterMs);
  return { ...sceneFromAlarm(play), ...(from && { from }) };
}

/** The same from the alarm on, for what breaks before the response. */
export function sceneFromAlarm({ scene }: PassedPlay): Scene {
  return { ...scene, hasChat: false, toTheEnd: false };
}
