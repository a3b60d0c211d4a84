import type { Assembly } from '../../sandbox/assembly/assembly.ts';
import type { IsMachine } from '../breaks.ts';
import type { Rehearsal } from '../rehearsal-file.ts';
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
}

/** A scenario that nobody wrote. */
export interface GeneratedScenario {
  readonly name: string;
  readonly scene: Scene;
}

/** The scene of a play in which something breaks beside: it begins with the response, and ends with the runbook. */
export function brokenScene(play: PassedPlay, breaks: () => Breaks): Scene {
  return { ...changedScene(play), breaks };
}

/** The scene of a play from the response on, as generated scenarios change it. */
export function changedScene(play: PassedPlay): Scene {
  const { responded } = play.played;
  return { ...sceneFromAlarm(play), ...(responded && { from: responded }) };
}

/** The same from the alarm on, for what breaks before the response. */
export function sceneFromAlarm({ scene }: PassedPlay): Scene {
  return { ...scene, hasChat: false, toTheEnd: false };
}
