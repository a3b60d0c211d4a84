import type { AwsCall } from '../../sandbox/aws.ts';
import type { RoutedCall } from '../../sandbox/router.ts';
import { breakCall } from '../breaks.ts';
import { isReading, nameOfCall } from '../changing-calls.ts';
import type { Breaks } from '../scene.ts';
import {
  brokenScene,
  changedScene,
  type GeneratedScenario,
  kindsInTurn,
  type MatrixFacts,
  type PassedPlay,
} from './generated-scenario.ts';
import { sayKind } from './say-kind.ts';

/** A call of an automation, and what had been changed when it was made. */
interface AutomationCall {
  readonly name: string;
  readonly changedBefore: readonly string[];
}

/**
 * Every call of the runbook's automations breaks: each as often as something was changed in between, because a repair
 * that stops half way is another trouble than one that never began. To SSM any error of an API is a step that failed, so
 * the ways to break take turns; an answer is no error, whatever it says. Every command fails, too.
 */
export function automationFaults(play: PassedPlay, facts: MatrixFacts): GeneratedScenario[] {
  const calls = distinctCalls(
    play.played.calls.filter(({ principal }) => principal.arn === facts.runbook.automationRole),
  );
  const broken = calls.flatMap((call, index) =>
    kindsInTurn(index, call.name, facts).map((kind) => ({
      name: `when ${call.name} ${sayKind(kind)}${sayBefore(call)}`,
      scene: brokenScene(play, () => breakAfter(call, facts, (made) => breakCall(made, kind, facts.isMachine))),
    })),
  );
  return [...broken, ...commandFaults(play, calls)];
}

function distinctCalls(calls: readonly RoutedCall[]): AutomationCall[] {
  const found = new Map<string, AutomationCall>();
  const changed: string[] = [];
  for (const call of calls) {
    const name = nameOfCall(call);
    const key = `${name} after ${changed.length}`;
    if (!found.has(key)) found.set(key, { name, changedBefore: [...changed] });
    if (!isReading(call)) changed.push(name);
  }
  return [...found.values()];
}

function breakAfter(
  { name, changedBefore }: AutomationCall,
  { runbook }: MatrixFacts,
  fail: (call: Parameters<Breaks>[0]) => ReturnType<Breaks>,
): Breaks {
  let changed = 0;
  return (call) => {
    if (call.principal.arn !== runbook.automationRole) return undefined;
    const isBroken = changed >= changedBefore.length && nameOfCall(call) === name;
    if (!isReading(call)) changed += 1;
    return isBroken ? fail(call) : undefined;
  };
}

function commandFaults(play: PassedPlay, calls: readonly AutomationCall[]): GeneratedScenario[] {
  const documents = calls.flatMap(({ name }) => /^ssm:SendCommand (.+)$/.exec(name)?.[1] ?? []);
  return [...new Set(documents)].flatMap((document) =>
    (['Failed', 'TimedOut'] as const).map((status) => {
      const { world } = play.scene;
      const isOther = (call: AwsCall) => nameOfCall(call) === `ssm:SendCommand ${document}`;
      const broken = { document, status, stderr: 'It did not work.' };
      return {
        name: `when the command ${document} ${status === 'Failed' ? 'fails' : 'runs out of time'}`,
        scene: { ...changedScene(play, { isOther }), world: { ...world, commands: [broken, ...world.commands] } },
      };
    }),
  );
}

function sayBefore({ changedBefore }: AutomationCall): string {
  const last = changedBefore.at(-1);
  return last === undefined ? '' : ` after ${last}`;
}
