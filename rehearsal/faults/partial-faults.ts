import type { AwsCall } from '../../sandbox/aws.ts';
import type { RecordedCall } from '../../sandbox/world/world.ts';
import { nameOfCall } from '../changing-calls.ts';
import { changedScene, type GeneratedScenario, type PassedPlay } from './generated-scenario.ts';

/** How AWS calls the members of an answer that list what did not succeed. */
const FAILURES = /^(failures|failed\w*|unprocessed\w*|unsuccessful\w*|errors)$/i;

/** Every answer that can say of its parts which did not succeed says so of all: it succeeded, and nothing was done. */
export function partialFaults(play: PassedPlay): GeneratedScenario[] {
  const seen = new Map<string, RecordedCall>();
  for (const call of play.played.worldCalls) {
    if (call.outcome.kind === 'output' && failuresIn(call.outcome.output)) seen.set(nameOfCall(call), call);
  }
  return [...seen].map(([name, { service, operation, outcome }]) => {
    const { world } = play.scene;
    const output = outcome.kind === 'output' ? withFailures(outcome.output) : {};
    const isOther = (made: AwsCall) => made.service === service && made.operation === operation;
    const answer = { call: `${service}:${operation}`, output } as (typeof world.answers)[number];
    return {
      name: `when ${name} succeeds in nothing`,
      scene: { ...changedScene(play, { isOther }), world: { ...world, answers: [answer, ...world.answers] } },
    };
  });
}

function failuresIn(output: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(output).find((key) => FAILURES.test(key) && Array.isArray(output[key]));
}

/** What the lists of successes held is now in the list of failures. */
function withFailures(output: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const failures = failuresIn(output);
  const entries = Object.entries(output).map(([key, value]): [string, unknown] => {
    if (key === failures)
      return [key, [{ Reason: 'INTERNAL_ERROR', reason: 'INTERNAL_ERROR', ErrorCode: 'InternalFailure' }]];
    return [key, Array.isArray(value) ? [] : value];
  });
  return Object.fromEntries(entries);
}
