import { breakCall } from '../breaks.ts';
import { nameOfCall } from '../changing-calls.ts';
import {
  brokenScene,
  type GeneratedScenario,
  kindsInTurn,
  type MatrixFacts,
  type PassedPlay,
} from './generated-scenario.ts';
import { sayKind } from './say-kind.ts';

/**
 * Every call that looks on the runbook's behalf breaks: those of its diagnostics, and its commands that only look. A
 * diagnostic that cannot look is a finding whatever the reason, so the ways to break take turns.
 */
export function lookingFaults(play: PassedPlay, facts: MatrixFacts): GeneratedScenario[] {
  const { assembly, lookingRoles, isMachine } = facts;
  const calls = play.played.calls.filter(
    ({ principal, grants }) =>
      lookingRoles.includes(principal.arn) && !grants.some(({ resource }) => isOfHandsoff(resource, assembly)),
  );
  // Diagnostics look side by side: which call comes first is chance, and must not decide how it breaks.
  const names = [...new Set(calls.map(nameOfCall))].sort();
  return names.flatMap((name, index) =>
    kindsInTurn(index, name, facts).map((kind) => ({
      name: `when ${name} ${sayKind(kind)} while looking`,
      scene: brokenScene(play, () => (call) => {
        const isBroken = lookingRoles.includes(call.principal.arn) && nameOfCall(call) === name;
        return isBroken ? breakCall(call, kind, isMachine) : undefined;
      }),
    })),
  );
}

/** The incident table and the like; a command document is the runbook's own. */
function isOfHandsoff(resource: string, assembly: MatrixFacts['assembly']): boolean {
  return !resource.includes(':document/') && assembly.byArn(resource) !== undefined;
}
