import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../support/stage.ts';
import { Stage } from '../support/stage.ts';

const rehearsal = 'disk-space-low/rehearsals/compress-recovers';
const operator = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/operator' } as const;
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Edits a machine as somebody would in the console; the returned function takes it back. */
async function editMachine(name: string, from: string, to: string): Promise<() => Promise<unknown>> {
  const stateMachineArn = `arn:aws:states:eu-central-1:123456789012:stateMachine:handsoff-${name}`;
  const ask = (operation: string, input: Record<string, unknown>) =>
    stage.stack.sandbox.machines.answer({ service: 'sfn', operation, input, principal: operator });
  const { definition } = await ask('DescribeStateMachine', { stateMachineArn });
  await ask('UpdateStateMachine', { stateMachineArn, definition: String(definition).replace(from, to) });
  return () => ask('UpdateStateMachine', { stateMachineArn, definition });
}

async function editDocument(name: string, from: string, to: string): Promise<() => Promise<unknown>> {
  const ask = (operation: string, input: Record<string, unknown>) =>
    stage.stack.sandbox.systems.answer({ service: 'ssm', operation, input, principal: operator });
  const Name = `handsoff-disk-space-low-${name}`;
  const { Content } = await ask('GetDocument', { Name });
  await ask('UpdateDocument', { Name, Content: String(Content).replace(from, to) });
  return () => ask('UpdateDocument', { Name, Content });
}

async function editCatalog(from: string, to: string): Promise<() => Promise<unknown>> {
  const { systems } = stage.stack.sandbox;
  const Name = '/handsoff/runbooks/disk-space-low';
  const answer = await systems.answer({
    service: 'ssm',
    operation: 'GetParameter',
    input: { Name },
    principal: operator,
  });
  const { Value } = answer['Parameter'] as { Value: string };
  systems.setParameter(Name, Value.replace(from, to));
  return async () => systems.setParameter(Name, Value);
}

function refusalIn({ timeline }: Outcome): string | undefined {
  return timeline.find(({ kind }) => kind === 'remediation-refused')?.text;
}

describe('what somebody has edited in the account', () => {
  it.each([
    [
      'definition.asl.json',
      () =>
        editMachine(
          'runbook-disk-space-low',
          'Biggest directories and inode use, by',
          'Biggest directories and inode use by',
        ),
    ],
    ['statemachines/remediate.asl.json', () => editMachine('remediate', 'Silence means no.', 'Silence means yes.')],
    ['statemachines/respond.asl.json', () => editMachine('respond', '604800', '604801')],
    ['compress-logs.command.yaml', () => editDocument('compress-logs-command', 'mtime +0', 'mtime +1')],
    ['restore-logs.automation.yaml', () => editDocument('restore-logs', '900', '901')],
    ['runbook.yaml', () => editCatalog('"approve"', '"act"')],
  ])('changes nothing: %s, and people hear why', async (file, edit) => {
    await stage.scene(rehearsal);
    const takeBack = await edit();
    const outcome = await stage.play('disk-space-low-alarm');
    expect(refusalIn(outcome), stage.complaints()).toContain(`${file} is not what was rehearsed.`);
    expect(stage.stack.sandbox.world.commands().map(({ documentName }) => documentName)).toEqual([
      'handsoff-disk-space-low-measure-disk-command',
    ]);
    expect(outcome.kinds).toContain('needs-human');
    expect(await stage.leases()).toBe(0);
    await takeBack();
    await stage.goOn();
  });

  it('is no matter to an execution that began before: it goes on as it was rehearsed', async () => {
    await stage.scene(rehearsal);
    const question = await stage.playToQuestion('disk-space-low-alarm');
    const takeBack = await editMachine('remediate', 'Silence means no.', 'Silence means yes.');
    await stage.stack.click('approve', question, 'U0HANDSOFF1');
    const outcome = await stage.goOn();
    expect(outcome.incident).toMatchObject({ status: 'resolved', remediation: 'recovered' });
    await takeBack();
  });

  it('is not even run to look: a command that was edited, and people hear why', async () => {
    await stage.scene(rehearsal);
    const takeBack = await editDocument('measure-disk-command', 'head -n 15', 'head -n 16');
    const outcome = await stage.play('disk-space-low-alarm');
    expect(stage.stack.sandbox.world.commands()).toEqual([]);
    const finding = outcome.timeline
      .flatMap(({ findings = [] }) => findings)
      .find(({ verdict }) => verdict === 'failed');
    expect(finding?.summary).toBe('The disk could not be measured.');
    expect(JSON.stringify(finding?.evidence)).toContain('measure-disk-command is not what was deployed,');
    expect(outcome.timeline.find(({ kind }) => kind === 'needs-human')?.text).toContain(
      'The disk could not be measured. Nothing is compressed.',
    );
    await takeBack();
    await stage.goOn();
  });

  it('does not take a change back: edited after the repair had begun, and a person is called', async () => {
    await stage.scene(rehearsal, { happenings: [] });
    const question = await stage.playToQuestion('disk-space-low-alarm');
    await stage.stack.click('approve', question, 'U0HANDSOFF1');
    const { world } = stage.stack.sandbox;
    await stage.run(() => world.commands().some(({ documentName }) => documentName.endsWith('compress-logs-command')));
    const takeBack = await editDocument('restore-logs-command', 'set -eu', 'set -e');
    const outcome = await stage.goOn();
    expect(world.commands().filter(({ documentName }) => documentName.includes('restore'))).toEqual([]);
    expect(outcome.kinds).toContain('needs-human');
    expect(outcome.timeline.map(({ text }) => text).join()).toContain('restore-logs-command is not what was deployed,');
    await takeBack();
  });

  it('is seen also when it was edited while an approver was being asked', async () => {
    await stage.scene(rehearsal);
    const question = await stage.playToQuestion('disk-space-low-alarm');
    const takeBack = await editDocument('compress-logs-command', 'mtime +0', 'mtime +1');
    await stage.stack.click('approve', question, 'U0HANDSOFF1');
    const outcome = await stage.goOn();
    expect(refusalIn(outcome)).toContain('compress-logs.command.yaml is not what was rehearsed.');
    await takeBack();
  });
});

it('a certificate that cannot be checked is none', async () => {
  await stage.scene(rehearsal);
  const restore = stage.failing('sfn:DescribeStateMachine', () =>
    Object.assign(new Error('busy'), { name: 'ThrottlingException' }),
  );
  const outcome = await stage.play('disk-space-low-alarm');
  restore();
  expect(refusalIn(outcome)).toContain('Whether it is what was rehearsed could not be read.');
});
