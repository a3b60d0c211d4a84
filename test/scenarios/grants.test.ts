import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../infra/config/load-config.ts';
import { findRunbook } from '../../rehearsal/rehearsed-runbook.ts';
import { readRehearsal, rehearsalFiles } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import { rehearseRunbook } from '../../rehearsal/rehearse-runbook.ts';
import { type Grant, IamAuthority } from '../../sandbox/iam/iam-authority.ts';
import { verifyRoles } from '../../sandbox/deploy/verify-roles.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { plays, type Play } from '../support/plays.ts';
import { Stage, testAssembly } from '../support/stage.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
/** The runbooks that the plays tell of. What the others may do, their own rehearsals answer for: rehearsal/needless-grants.ts. */
const played = ['ec2-status-check-failed', 'disk-space-low', 'default'];
const others = loadConfig(projectRoot).runbooks.filter(({ manifest }) => !played.includes(manifest.id));

let stage: Stage;
/** Grants that were needed to bring the stacks up, and for the others the play that needed each first. */
let forBringUp: Grant[];
let forPlays: Map<Grant, Play>;
let needless: Grant[];

beforeAll(async () => {
  stage = await Stage.open();
  const { sandbox } = stage.stack;
  const all = sandbox.authority.statements().filter(isPlayed);
  const needed = sandbox.authority.neededGrants();
  forBringUp = all.filter(({ id }) => needed.has(id));
  forPlays = new Map();
  for (const play of plays) {
    const open = all.filter(({ id }) => !needed.has(id));
    await sandbox.abandon();
    await play.perform(stage);
    for (const grant of open) if (needed.has(grant.id)) forPlays.set(grant, play);
  }
  const open = all.filter(({ id }) => !needed.has(id));
  const elsewhere = await neededInRehearsals(open.map(({ id }) => id));
  needless = open.filter(({ id }) => !elsewhere.has(id));
  expect(sandbox.denied()).toEqual([]);
}, 120_000);
afterAll(() => stage.close());

/** Whether a grant is for no other runbook than those that the plays tell of. What a boundary leaves open, it does not grant. */
function isPlayed({ logicalId, resource, action }: Grant): boolean {
  const isLeftOpen = action.startsWith('iam:') || action === 'ssm:StartAutomationExecution';
  if (logicalId.startsWith('RunbooksBoundary') && isLeftOpen) return false;
  return !others.some(({ manifest: { id } }) => {
    const role = `Runbooks${id.replaceAll('-', '')}`;
    return (
      logicalId.startsWith(role) || [role, `runbook-${id}`, `handsoff-${id}-`].some((name) => resource.includes(name))
    );
  });
}

/**
 * Grants of the platform that only the other runbooks need: a diagnostic, an executor, a document of AWS. Plays their
 * rehearsals until all of the wanted ones were needed.
 */
async function neededInRehearsals(wanted: readonly string[]): Promise<ReadonlySet<string>> {
  const rehearsals = await RehearsalStage.open(testAssembly);
  const { authority, assembly } = rehearsals.stack.sandbox;
  const files = others.flatMap((folder) =>
    rehearsalFiles(folder.directory).map((file, round) => ({ folder, file, round })),
  );
  // The first of each runbook before the second of any.
  for (const { folder, file } of files.toSorted((one, other) => one.round - other.round)) {
    if (wanted.every((id) => authority.neededGrants().has(id))) break;
    const runbook = findRunbook(assembly, folder);
    await rehearseRunbook({ stage: rehearsals, runbook, rehearsals: [readRehearsal(file)], hasMatrices: false });
  }
  await rehearsals.close();
  return authority.neededGrants();
}

/** The part of a role's ARN that its refusals name, or the service that a resource's policy lets in. */
function nameOf({ logicalId, principal, action }: Grant): string {
  if (principal && action !== 'sts:AssumeRole') return principal;
  return logicalId.replace(/(DefaultPolicy|ServiceRole|Boundary)?[0-9A-F]{8}$/, '').slice(0, 12);
}

/** The first of each role or resource policy: what holds for one grant of it holds for the next. */
function oneOfEach(grants: readonly Grant[]): Grant[] {
  return [...new Map(grants.toReversed().map((grant) => [grant.logicalId, grant])).values()];
}

describe('the grants of the template', () => {
  it('are each needed by some story, which would be refused without it', () => {
    expect(needless.map(({ id }) => id)).toEqual([]);
  });

  it('are missed when the stacks come up, or in a story, by a refusal that names who, what and where', async () => {
    const unnoticed: string[] = [];
    for (const grant of oneOfEach(forBringUp)) {
      const refusal = await bringUpWithout(grant);
      if (!isAbout(refusal, grant)) unnoticed.push(`${grant.id} → ${refusal}`);
    }
    const missing = oneOfEach([...forPlays.keys()]);
    for (const [grant, play] of [...forPlays].filter(([grant]) => missing.includes(grant))) {
      // What an earlier grant left unfinished can hide this one: only a stage of its own tells for certain.
      const refusals = await playWithout(play, grant, stage);
      if (!refusals.some((refusal) => isAbout(refusal, grant))) await onAnotherStage(play, grant, unnoticed);
    }
    expect(unnoticed).toEqual([]);
  }, 120_000);
});

async function onAnotherStage(play: Play, grant: Grant, unnoticed: string[]): Promise<void> {
  const another = await Stage.open();
  const refusals = await playWithout(play, grant, another);
  if (!refusals.some((refusal) => isAbout(refusal, grant)))
    unnoticed.push(`${grant.id} in "${play.name}" → ${refusals.join('; ') || 'no refusal'}`);
  await another.close();
}

/** What IAM refused when a story was told without a grant. */
async function playWithout(play: Play, grant: Grant, on: Stage): Promise<readonly string[]> {
  const { sandbox } = on.stack;
  const before = sandbox.denied().length;
  sandbox.useAuthority(IamAuthority.fromAssembly(sandbox.assembly).without(grant.id));
  on.endPlaysWhen(() =>
    sandbox
      .denied()
      .slice(before)
      .some((refusal) => isAbout(refusal, grant)),
  );
  await sandbox.abandon();
  await play.perform(on).catch(() => undefined);
  on.endPlaysWhen(() => false);
  sandbox.useAuthority(IamAuthority.fromAssembly(sandbox.assembly));
  return sandbox.denied().slice(before);
}

function isAbout(message: string, grant: Grant): boolean {
  // Many roles are under one boundary, and the refusal says that it was that.
  if (/Boundary[0-9A-F]{8}$/.test(grant.logicalId)) return message.includes('no permissions boundary allows');
  const action = grant.action === '*' ? 'not authorized to perform' : grant.action;
  const resource = grant.resource.split('*')[0] ?? '';
  return (
    message.includes(action) &&
    message.includes(resource) &&
    message.toLowerCase().includes(nameOf(grant).toLowerCase())
  );
}

/** What IAM said when the stacks came up without a grant. What the roles themselves miss shows before anything is made. */
async function bringUpWithout(grant: Grant): Promise<string> {
  const { assembly, authority: whole, clock } = stage.stack.sandbox;
  const nowMs = clock.now();
  const lacking = whole.without(grant.id);
  try {
    verifyRoles(assembly, {
      canAssume: (role, service, context) => lacking.canAssume(role, service, { ...context, nowMs }),
      authorize: (principal, grants) => lacking.authorize(principal, grants, { nowMs }),
    });
    const sandbox = await Sandbox.start({ assembly, authority: (authority) => authority.without(grant.id) });
    await sandbox.close();
    return 'came up';
  } catch (error) {
    return String(error);
  }
}
