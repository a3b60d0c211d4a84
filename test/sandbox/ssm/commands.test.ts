import { describe, expect, it } from 'vitest';
import { aSystemsManager, runbookDocuments } from './a-systems-manager.ts';

const NODE = 'i-0a1b2c3d4e5f60718';
const HOSTILE = '"; rm -rf / #';
const echo = (more: object) => ({
  name: 'echo',
  documentType: 'Command' as const,
  content: {
    schemaVersion: '2.2',
    parameters: { Text: { type: 'String', ...more } },
    mainSteps: [
      {
        name: 'echo',
        action: 'aws:runShellScript',
        inputs: { timeoutSeconds: '60', runCommand: ['echo "{{ Text }}" "$SSM_Text"'] },
      },
    ],
  },
});
const send = { DocumentName: 'echo', InstanceIds: [NODE], Parameters: { Text: [HOSTILE] } };

describe('a command', () => {
  it('gets an ENV_VAR parameter as data, never as text of the script', async () => {
    const { ssm, ask } = aSystemsManager({ documents: [echo({ interpolationType: 'ENV_VAR' })] });
    await ask('SendCommand', send);
    expect(ssm.commands()[0]?.environment).toEqual({ SSM_Text: HOSTILE });
    expect(ssm.commands()[0]?.script).not.toContain('rm -rf');
  });

  it('gets any other parameter as text of the script', async () => {
    const { ssm, ask } = aSystemsManager({ documents: [echo({})] });
    await ask('SendCommand', send);
    expect(ssm.commands()[0]).toMatchObject({ script: `echo "${HOSTILE}" "$SSM_Text"`, environment: {} });
  });

  it('ends when its shell does, and says so', async () => {
    const commandResult = () => ({
      status: 'Failed' as const,
      exitCode: 7,
      stdout: 'out',
      stderr: 'err',
      lastsMs: 30_000,
    });
    const { clock, events, ask } = aSystemsManager({ documents: [echo({})], commandResult });
    await ask('SendCommand', send);
    await clock.run();
    const { Commands } = await ask('ListCommands', {});
    expect(Commands).toMatchObject([{ Status: 'Failed', ErrorCount: 1 }]);
    const CommandId = events[0]?.detail['command-id'];
    expect(await ask('GetCommandInvocation', { CommandId, InstanceId: NODE })).toMatchObject({
      Status: 'Failed',
      ResponseCode: 7,
      StandardOutputContent: 'out',
      StandardErrorContent: 'err',
    });
    expect(clock.iso()).toBe('2026-11-20T12:00:30.000Z');
    const told = events.map((event) => `${event['detail-type']}: ${String(event.detail['status'])}`);
    expect(told).toEqual([
      'EC2 Command Invocation Status-change Notification: InProgress',
      'EC2 Command Status-change Notification: InProgress',
      'EC2 Command Invocation Status-change Notification: Failed',
      'EC2 Command Status-change Notification: Failed',
    ]);
  });

  it('times out after what its document allows', async () => {
    const commandResult = () => ({ status: 'Success' as const, exitCode: 0, stdout: '', stderr: '', lastsMs: 61_000 });
    const { ssm, clock, ask } = aSystemsManager({ documents: [echo({})], commandResult });
    await ask('SendCommand', send);
    await clock.run();
    expect(ssm.commands()[0]).toMatchObject({ status: 'TimedOut', endedAt: '2026-11-20T12:01:00.000Z' });
  });

  it('can be cancelled', async () => {
    const { ssm, clock, events, ask } = aSystemsManager({ documents: [echo({})] });
    await ask('SendCommand', send);
    await ask('CancelCommand', { CommandId: ssm.commands()[0]?.commandId });
    await clock.run();
    expect(ssm.commands()[0]?.status).toBe('Cancelled');
    expect(events.map(({ detail }) => detail['status'])).toEqual(['Cancelled', 'Cancelled']);
  });

  it.each([
    ['an unknown document', { ...send, DocumentName: 'no' }, 'InvalidDocument'],
    ['an unknown parameter', { ...send, Parameters: { Text: ['x'], No: ['x'] } }, 'InvalidParameters'],
    ['a missing parameter', { ...send, Parameters: {} }, 'InvalidParameters'],
    ['a short timeout', { ...send, TimeoutSeconds: 29 }, 'ValidationException'],
    ['a wrong id', { ...send, InstanceIds: ['web-1'] }, 'InvalidInstanceId'],
    ['targets', { DocumentName: 'echo', Targets: [] }, 'UnsupportedInSandboxError'],
    [
      'a path that breaks its pattern',
      {
        DocumentName: 'handsoff-disk-space-low-compress-logs-command',
        InstanceIds: [NODE],
        Parameters: { Path: ['/var; reboot'] },
      },
      'InvalidParameters',
    ],
  ])('is refused for %s', async (_, input, name) => {
    const { ask } = aSystemsManager({ documents: [...runbookDocuments, echo({})] });
    await expect(ask('SendCommand', input)).rejects.toMatchObject({ name });
    await expect(ask('GetCommandInvocation', { CommandId: 'x', InstanceId: NODE })).rejects.toMatchObject({
      name: 'InvocationDoesNotExist',
    });
  });

  it('needs a grant on its document and on every node', () => {
    const { ssm } = aSystemsManager({ documents: [echo({})] });
    expect(ssm.grantsFor('SendCommand', send).map(({ resource }) => resource)).toEqual([
      'arn:aws:ssm:eu-central-1:123456789012:document/echo',
      `arn:aws:ec2:eu-central-1:123456789012:instance/${NODE}`,
    ]);
  });
});
