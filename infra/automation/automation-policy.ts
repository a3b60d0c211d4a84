import { readResourceOf } from './aws-calls.ts';
import { callsBehind, isHeldByTag } from './check-mutations.ts';
import type { RunbookFolder } from '../config/load-config.ts';
import { problemText } from '../config/source-file.ts';
import { deriveCalls } from './derive-calls.ts';
import { type ArnPlace, fullResource, isWildcard, mutationArn } from './mutation-resource.ts';

/** One statement of an automation role, and why it is there. */
export interface AutomationStatement {
  readonly actions: readonly string[];
  /** An ARN. */
  readonly resource: string;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why the resource is not narrower, as one sentence; absent where it is one resource. */
  readonly wildcard?: string;
  /** Who needs each action: `file:line:column: who`. */
  readonly because: Readonly<Record<string, readonly string[]>>;
}

/** The whole policy of a runbook's automation role: reads from its documents, changes from its manifest. */
export function automationPolicy(place: RunbookFolder, where: ArnPlace): readonly AutomationStatement[] {
  return [...changes(place, where), ...reads(place, where)];
}

function changes(place: RunbookFolder, where: ArnPlace): AutomationStatement[] {
  const { id, mutations } = place.manifest;
  const { calls } = deriveCalls(place);
  return mutations.map((mutation, index) => {
    const { action, resource, condition, wildcard_because: because } = mutation;
    const held = isHeldByTag(mutation)
      ? 'Which one is meant is known only from the alert; IAM holds this to those that their owner has tagged handsoff=act.'
      : undefined;
    const wildcard = isWildcard(resource) ? (because ?? held) : undefined;
    return {
      actions: [action],
      resource: mutationArn(id, resource, where),
      ...(condition && { condition }),
      ...(wildcard && { wildcard }),
      because: {
        [action]: [
          place.at(['mutations', index], 'declared under mutations'),
          ...callsBehind({ action, resource: fullResource(id, resource) }, calls).map((call) =>
            call.at(`${call.by} ${call.action === action ? 'calls it' : `may need it for ${call.action}`}`),
          ),
        ].map(problemText),
      },
    };
  });
}

function reads(place: RunbookFolder, where: ArnPlace): AutomationStatement[] {
  const reasons = new Map<string, string[]>();
  const note = (action: string, reason: string) => reasons.set(action, [...(reasons.get(action) ?? []), reason]);
  const { calls, unknownDocuments } = deriveCalls(place);
  for (const { action, isRead, by, at } of calls) if (isRead) note(action, problemText(at(`${by} reads it`)));
  for (const [index, action] of place.manifest.reads.entries())
    note(action, problemText(place.at(['reads', index], `listed under reads for ${unknownDocuments.join(', ')}`)));
  const actions = [...reasons.keys()].sort();
  return [...new Set(actions.map(readResourceOf))].map((resource) => ({
    actions: actions.filter((action) => readResourceOf(action) === resource),
    resource: mutationArn(place.manifest.id, resource, where),
    wildcard:
      resource === '*'
        ? 'These actions only read, and most have no resource-level permissions.'
        : 'This only reads, and which one is meant is known only from the alert.',
    because: Object.fromEntries(
      actions.flatMap((action) => (readResourceOf(action) === resource ? [[action, reasons.get(action) ?? []]] : [])),
    ),
  }));
}
