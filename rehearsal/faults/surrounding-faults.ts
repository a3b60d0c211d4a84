import type { AwsCall } from '../../sandbox/aws.ts';
import { awsFault } from '../aws-faults.ts';
import { isInvoking } from '../changing-calls.ts';
import { recoverAt, recoverLate } from '../late-recovery.ts';
import type { Scene } from '../scene.ts';
import {
  changedScene,
  type FirstDifference,
  type GeneratedScenario,
  type MatrixFacts,
  type PassedPlay,
  sceneFromAlarm,
} from './generated-scenario.ts';

interface SurroundingFault {
  readonly name: string;
  /** Whether it can happen in this play at all. */
  readonly fits: (play: PassedPlay, facts: MatrixFacts) => boolean;
  readonly change: (scene: Scene) => Partial<Scene>;
  /** @default - nothing is different before the automation */
  readonly from?: FirstDifference;
}

/** Sooner than any repair has an effect. */
const earlySeconds = 1;

/** The approver's answer. */
const answer: FirstDifference = { isOther: (call) => isInvoking(call, 'handsoff-receive-interaction') };

/** What breaks around a repair: its alarm, its approver and SSM's events. */
const faults: readonly SurroundingFault[] = [
  { name: 'when the status events of SSM get lost', fits: runsAutomation, change: () => ({ losesStatusEvents: true }) },
  { name: 'when the alarm recovers long after', fits: hasRecovery, change: recoverLate },
  {
    name: 'when the alarm recovers before the repair',
    fits: hasRecovery,
    change: (scene) => recoverAt(scene, `${earlySeconds}s`),
    from: { afterMs: earlySeconds * 1000 },
  },
  { name: 'when the approver refuses', fits: isAsked, change: () => ({ approver: 'refuses' }), from: answer },
  { name: 'when the approver is silent', fits: isAsked, change: () => ({ approver: 'silent' }), from: answer },
  { name: 'when the approver agrees too late', fits: isAsked, change: () => ({ approver: 'asks-late' }), from: answer },
];

/** Plays the play once more for each thing around it that can break. */
export function surroundingFaults(play: PassedPlay, facts: MatrixFacts): GeneratedScenario[] {
  return faults
    .filter(({ fits }) => fits(play, facts))
    .map(({ name, change, from = {} }) => ({ name, scene: { ...changedScene(play, from), ...change(play.scene) } }));
}

/**
 * What breaks around every runbook alike, before it begins and in what people are told, so that one runbook shows it. Chat
 * and SNS fail together: each goes its own way, and one after the other would show no more.
 */
export function commonFaults(play: PassedPlay): GeneratedScenario[] {
  const scene = sceneFromAlarm(play);
  return [
    { name: 'when the alarm is delivered twice', scene: { ...scene, duplicateAfterSeconds: 1 } },
    { name: 'when the chat is down, and SNS takes no message for a while', scene: { ...scene, ...failTelling() } },
  ];
}

function runsAutomation({ played }: PassedPlay): boolean {
  return played.timeline.some(({ kind }) => kind === 'automation-started');
}

function hasRecovery({ scene }: PassedPlay): boolean {
  return scene.world.happenings.length > 0;
}

function isAsked({ played }: PassedPlay): boolean {
  return played.timeline.some(({ kind }) => kind === 'approval-requested');
}

/** The stream tries again, ever more slowly: this many attempts are some minutes. */
const failedPublications = 10;

function failTelling(): Partial<Scene> {
  const breaks = () => {
    let left = failedPublications;
    return (call: AwsCall) => {
      const isBroken = call.service === 'sns' && call.operation === 'Publish' && left > 0;
      if (!isBroken) return undefined;
      left -= 1;
      return awsFault('sns', 'server-error');
    };
  };
  return { breaks, hasChat: true, chatIsDown: true, afterwardsSeconds: 900 };
}
