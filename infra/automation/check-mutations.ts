import { documentName } from '../catalog-entry.ts';
import type { RunbookFolder } from '../config/load-config.ts';
import type { RunbookManifest } from '../config/schemas.ts';
import type { Problem } from '../config/source-file.ts';
import { askedForBy, isRead } from './aws-calls.ts';
import { whyDenied } from './denials.ts';
import { type AutomationCall, type AutomationCalls, deriveCalls } from './derive-calls.ts';
import { fitsPattern, fullResource, isWildcard } from './mutation-resource.ts';

type Mutation = RunbookManifest['mutations'][number];

/**
 * Everything in which a manifest's `mutations` and the steps of its documents differ: a change that is not declared, a
 * declaration that no step makes use of, a wildcard that nobody answers for.
 */
export function checkMutations(place: RunbookFolder): readonly Problem[] {
  const derived = deriveCalls(place);
  const { id, mutations } = place.manifest;
  const open = mutations.map((mutation) => ({ ...mutation, resource: fullResource(id, mutation.resource) }));
  return [
    ...derived.problems,
    ...derived.calls.filter((call) => !call.isRead).flatMap((call) => undeclared(call, open)),
    ...derived.calls.filter((call) => call.isRead).flatMap(deniedRead),
    ...open.flatMap((mutation, index) => checkMutation(mutation, index, derived, place)),
    ...checkReads(derived, place),
  ];
}

function undeclared({ action, about, by, at }: AutomationCall, mutations: readonly Mutation[]): Problem[] {
  const lines = mutations.filter((mutation) => mutation.action === action);
  if (lines.length === 0)
    return [
      at(
        `${by} calls ${action}, which mutations in runbook.yaml does not list; list it with its resource, or take the step out.`,
      ),
    ];
  return about
    .filter((group) => !group.some((resource) => lines.some((line) => overlap(line.resource, resource))))
    .map((group) =>
      at(
        `${by} calls ${action} on ${group[0]}, and no line of mutations in runbook.yaml lists that; add it, or take the step out.`,
      ),
    );
}

function deniedRead({ action, by, at }: AutomationCall): Problem[] {
  const denied = whyDenied(action);
  return denied ? [at(`${by} calls ${action}, which is denied to every automation: ${denied} Take the step out.`)] : [];
}

function checkMutation(
  mutation: Mutation,
  index: number,
  derived: AutomationCalls,
  { at, manifest }: RunbookFolder,
): Problem[] {
  const { action, resource, wildcard_because: because } = mutation;
  const problem = (message: string) => at(['mutations', index], message);
  const problems: Problem[] = [];
  if (isRead(action))
    problems.push(problem(`${action} only reads; what the documents read is granted without being said. Take it out.`));
  else if (derived.unknownDocuments.length === 0 && callsBehind(mutation, derived.calls).length === 0)
    problems.push(problem(`no step of ${documentsOf(manifest)} calls ${action} on ${resource}; take it out.`));
  const denied = whyDenied(action, resource);
  if (denied) problems.push(problem(`${action} is denied to every automation, whatever its runbook says: ${denied}`));
  if (/^ssm:[a-z-]+\/handsoff-/.test(resource) && !resource.includes(`/${documentName(manifest.id, '', 'automation')}`))
    problems.push(problem(`${resource} belongs to another runbook; put the document in this folder.`));
  const isWide = isWildcard(resource);
  if (isWide && !because && !isHeldByTag(mutation))
    problems.push(
      problem(
        `${action} on ${resource} may hit any of them; hold it to those whose owner agreed (condition: { StringEquals: { 'aws:ResourceTag/handsoff': act } }), or say in one sentence why not (wildcard_because).`,
      ),
    );
  if (!isWide && because)
    problems.push(problem(`wildcard_because stands beside ${resource}, which has no wildcard; take it out.`));
  return problems;
}

/** Whether IAM lets a mutation through only where an owner has said so on the resource itself. */
export function isHeldByTag({ condition }: Pick<Mutation, 'condition'>): boolean {
  return condition?.['StringEquals']?.['aws:ResourceTag/handsoff'] === 'act';
}

/** The calls that a mutation is declared for; its resource with its full name. */
export function callsBehind(
  { action, resource }: Pick<Mutation, 'action' | 'resource'>,
  calls: readonly AutomationCall[],
): readonly AutomationCall[] {
  return calls.filter(
    (call) =>
      (call.action === action &&
        (call.about.length === 0 || call.about.flat().some((about) => overlap(resource, about)))) ||
      askedForBy(call.action).sometimes.includes(action),
  );
}

function checkReads({ unknownDocuments }: AutomationCalls, { at, manifest }: RunbookFolder): Problem[] {
  if (manifest.reads.length === 0) return [];
  if (unknownDocuments.length === 0)
    return [at(['reads'], `what ${documentsOf(manifest)} reads is known from its steps; take reads out.`)];
  return manifest.reads.flatMap((action, index) =>
    isRead(action)
      ? []
      : at(['reads', index], `${action} does more than look; list it under mutations with its resource.`),
  );
}

function documentsOf({ remediation }: RunbookManifest): string {
  return [remediation?.document, remediation?.undo].filter(Boolean).join(' and ') || 'any document';
}

/** Whether two resources, either of which may hold wildcards, can be the same one. */
function overlap(a: string, b: string): boolean {
  return fitsPattern(a, b) || fitsPattern(b, a);
}
