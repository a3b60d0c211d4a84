import { asText, isObject } from '../../sandbox/states/json.ts';
import { asArray, type ScopeSite, type StateSite } from '../../sandbox/states/rules/site.ts';
import type { Rule } from '../rule.ts';

/**
 * From every Catch, every path meets a state that tells a person before it ends. These tell: a call of `call-person`; a
 * message on the high urgency topic; and `remediate`, which calls a person itself unless it ends in a recovery, and whose own
 * Catch is held to the same. To fail, and leave it to `respond` to report that, is not enough: its report cannot say what was
 * found. Only what a telling state itself catches may end in a Fail: then `respond` is the last resort.
 */
export const failuresReachAPerson: Rule = {
  name: 'failures-reach-a-person',
  check({ definition, states }) {
    if (!definition) return [];
    return states.flatMap((site) =>
      asArray(site.state['Catch']).flatMap((entry, index) => {
        const next = isObject(entry) ? entry['Next'] : undefined;
        if (typeof next !== 'string') return [];
        const silent = silentEndFrom(next, site.scope, new Set(), tells(site));
        if (silent === undefined) return [];
        const path = [...definition.pathOf(site.path), 'Catch', index, 'Next'];
        const message = `what ${site.name} catches ends at ${silent} without anybody being told; lead it to a state that calls call-person.`;
        return [definition.at(path, message)];
      }),
    );
  },
};

/** Whether a person hears of it when this state has succeeded. */
export function tells({ state }: StateSite): boolean {
  const given = isObject(state['Arguments']) ? state['Arguments'] : {};
  return (
    given['FunctionName'] === '${CallPersonFunctionArn}' ||
    given['TopicArn'] === '${HighUrgencyTopicArn}' ||
    (given['StateMachineArn'] === '${RemediateMachineArn}' && asText(state['Resource']).includes('.sync'))
  );
}

/** The first end that is reached from a state without anybody having been told; undefined when there is none. */
function silentEndFrom(name: string, scope: ScopeSite, seen: Set<StateSite>, mayFail: boolean): string | undefined {
  const site = scope.states.find((candidate) => candidate.name === name);
  // A state that is not there is another rule's business; a loop ends somewhere else, or by its time limit.
  if (!site || seen.has(site) || tells(site)) return undefined;
  seen.add(site);
  const { type, state } = site;
  if (type === 'Fail') return mayFail ? undefined : endOf(site, 'failure', seen, mayFail);
  const next = [
    state['Next'],
    state['Default'],
    ...asArray(state['Choices']).map((choice) => (isObject(choice) ? choice['Next'] : undefined)),
  ].filter((target) => typeof target === 'string');
  if (next.length === 0) return endOf(site, 'success', seen, mayFail);
  return next.map((target) => silentEndFrom(target, scope, seen, mayFail)).find((end) => end !== undefined);
}

/** What ends a branch goes on behind the state that holds it. */
function endOf(
  site: StateSite,
  how: 'failure' | 'success',
  seen: Set<StateSite>,
  mayFail: boolean,
): string | undefined {
  const { holder } = site.scope;
  if (!holder) return site.name;
  const caught = asArray(holder.state['Catch']).flatMap((entry) => (isObject(entry) ? [entry['Next']] : []));
  const next = how === 'failure' ? caught : [holder.state['Next']];
  const names = next.filter((target) => typeof target === 'string');
  if (names.length === 0) return endOf(holder, how, seen, mayFail);
  return names.map((target) => silentEndFrom(target, holder.scope, seen, mayFail)).find((end) => end !== undefined);
}
