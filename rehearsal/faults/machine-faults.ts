import { breakCall } from '../breaks.ts';
import type { BreakKind } from '../rehearsal-schema.ts';
import type { Breaks } from '../scene.ts';
import {
  brokenScene,
  type GeneratedScenario,
  type MatrixFacts,
  partialKind,
  type PassedPlay,
} from './generated-scenario.ts';
import { isSameCall, type MachineCall, machineCalls } from './machine-calls.ts';
import { sayKind } from './say-kind.ts';

/** Every call of the runbook's own definition breaks, from the state on that makes it. */
export function machineFaults(play: PassedPlay, facts: MatrixFacts): GeneratedScenario[] {
  const calls = machineCalls(play.played.runbook?.history ?? [], facts.runbook.definition);
  return calls.flatMap((call) =>
    [...call.kinds, ...partialKind(nameOf(call), facts)].map((kind) => ({
      name: `when ${nameOf(call)} ${sayKind(kind)} in ${call.state}`,
      scene: brokenScene(play, () => breakFrom(call, kind, facts)),
    })),
  );
}

function breakFrom(target: MachineCall, kind: BreakKind, { runbook, isMachine }: MatrixFacts): Breaks {
  let seen = 0;
  return (call) => {
    if (call.principal.arn !== runbook.machineRole || !isSameCall(call, target)) return undefined;
    seen += 1;
    return seen > target.before ? breakCall(call, kind, isMachine) : undefined;
  };
}

function nameOf({ service, operation, functionName }: MachineCall): string {
  return functionName === undefined ? `${service}:${operation}` : `${service}:${operation} ${functionName}`;
}
