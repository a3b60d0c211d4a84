import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessDeniedError, type Grant, IamAuthority } from '../../sandbox/iam/iam-authority.ts';
import { Sandbox } from '../../sandbox/sandbox.ts';
import { plays, type Play } from '../support/plays.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
/** Grants that are needed to bring the stacks up, and for the others a play that needs each. */
let forBringUp: Grant[];
let forPlays: Map<Play, Grant[]>;
let needless: Grant[];

beforeAll(async () => {
  stage = await Stage.open();
  const { sandbox } = stage.stack;
  const all = sandbox.authority.statements();
  const usedAtStart = new Set(sandbox.authority.usedGrants());
  forBringUp = all.filter(({ id }) => usedAtStart.has(id));
  const open = new Map(all.filter(({ id }) => !usedAtStart.has(id)).map((grant) => [grant.id, grant]));
  forPlays = new Map();
  for (const play of plays) {
    const authority = IamAuthority.fromAssembly(sandbox.assembly);
    sandbox.useAuthority(authority);
    await play.perform(stage);
    const needed = [...authority.usedGrants()].flatMap((id) => open.get(id) ?? []);
    for (const { id } of needed) open.delete(id);
    forPlays.set(play, needed);
  }
  needless = [...open.values()];
  expect(sandbox.denied()).toEqual([]);
}, 120_000);
afterAll(() => stage.close());

/** The part of a role's ARN that its refusals name, or the service that a resource's policy lets in. */
function nameOf({ logicalId, principal, action }: Grant): string {
  if (principal && action !== 'sts:AssumeRole') return principal;
  return logicalId.replace(/(DefaultPolicy|ServiceRole|Boundary)?[0-9A-F]{8}$/, '').slice(0, 12);
}

describe('the grants of the template', () => {
  it('are all needed by some story', () => {
    expect(needless.map(({ id }) => id)).toEqual([]);
  });

  it('are each missed when the stacks come up, or in some story, by AccessDenied that names who, what and where', async () => {
    const { sandbox } = stage.stack;
    const unnoticed: string[] = [];
    for (const grant of forBringUp) {
      const error = await bringUpWithout(grant);
      if (!(error instanceof AccessDeniedError) || !error.message.includes(grant.action)) unnoticed.push(`${grant.id} → ${String(error)}`);
    }
    for (const [play, grants] of forPlays) {
      for (const grant of grants) {
        const before = sandbox.denied().length;
        sandbox.useAuthority(IamAuthority.fromAssembly(sandbox.assembly).without(grant.id));
        await play.perform(stage).catch(() => undefined);
        sandbox.useAuthority(IamAuthority.fromAssembly(sandbox.assembly));
        if (!sandbox.denied().slice(before).some((message) => isAbout(message, grant))) {
          unnoticed.push(`${grant.id} in "${play.name}" → ${sandbox.denied().slice(before).join('; ') || 'no refusal'}`);
        }
      }
    }
    expect(unnoticed).toEqual([]);
  }, 170_000);
});

function isAbout(message: string, grant: Grant): boolean {
  const action = grant.action === '*' ? 'not authorized to perform' : grant.action;
  const resource = grant.resource.split('*')[0] ?? '';
  return message.includes(action) && message.includes(resource) && message.toLowerCase().includes(nameOf(grant).toLowerCase());
}

async function bringUpWithout(grant: Grant): Promise<unknown> {
  const { assembly } = stage.stack.sandbox;
  try {
    const sandbox = await Sandbox.start({ assembly, authority: (authority) => authority.without(grant.id) });
    await sandbox.close();
    return 'came up';
  } catch (error) {
    return error;
  }
}
