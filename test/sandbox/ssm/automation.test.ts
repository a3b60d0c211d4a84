import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/aws.ts';
import { aSystemsManager, anAutomation, CALLER, ROLE, runbookDocuments } from './a-systems-manager.ts';

const INSTANCE = 'i-0a1b2c3d4e5f60718';
const COMPRESS = {
  DocumentName: 'handsoff-disk-space-low-compress-logs',
  Parameters: {
    AutomationAssumeRole: [ROLE],
    InstanceId: [INSTANCE],
    Path: ['/var'],
    Since: ['2026-11-02T03:00:00.000Z'],
  },
};
const asleep = (name: string, more: object = {}) => ({
  name,
  action: 'aws:sleep',
  inputs: { Duration: 'PT10S' },
  ...more,
});

describe('an automation of a runbook', () => {
  const printing = {
    documents: runbookDocuments,
    commandResult: () => ({
      status: 'Success' as const,
      exitCode: 0,
      stdout: 'compressed 14 files',
      stderr: '',
      lastsMs: 40_000,
    }),
  };

  it('runs its command as the assumed role and gives its output', async () => {
    const { ssm, clock, calls, start, assumed } = aSystemsManager(printing);
    const id = await start(COMPRESS);
    await clock.run();
    const [execution] = ssm.automationExecutions();
    expect(execution).toMatchObject({
      id,
      status: 'Success',
      outputs: { 'CompressLogs.Output': ['compressed 14 files'] },
    });
    expect(new Set(calls.map(({ operation }) => operation))).toEqual(
      new Set(['SendCommand', 'ListCommands', 'ListCommandInvocations', 'GetCommandInvocation']),
    );
    expect(new Set(calls.map(({ principal }) => principal.arn))).toEqual(new Set([ROLE]));
    expect(assumed).toEqual([
      `${ROLE} ssm.amazonaws.com arn:aws:ssm:eu-central-1:123456789012:automation-execution/${id}`,
    ]);
  });

  it('emits every status with the ARNs of the execution and the definition', async () => {
    const { clock, events, start } = aSystemsManager(printing);
    const id = await start(COMPRESS);
    await clock.run();
    const own = events.filter(
      (event) => event['detail-type'] === 'EC2 Automation Execution Status-change Notification',
    );
    expect(own.map(({ detail }) => detail['Status'])).toEqual(['Pending', 'InProgress', 'Success']);
    expect(own[2]).toMatchObject({
      resources: [
        `arn:aws:ssm:eu-central-1:123456789012:automation-execution/${id}`,
        'arn:aws:ssm:eu-central-1:123456789012:automation-definition/handsoff-disk-space-low-compress-logs:1',
      ],
      detail: {
        ExecutionId: id,
        StartTime: 'Nov 20, 2026 12:00:00 PM',
        EndTime: 'Nov 20, 2026 12:00:40 PM',
        ExecutedBy: CALLER.arn,
      },
    });
  });

  it('fails, naming the step and the cause, when the command does', async () => {
    const commandResult = () => ({
      status: 'Failed' as const,
      exitCode: 3,
      stdout: '',
      stderr: 'no space',
      lastsMs: 0,
    });
    const { ssm, clock, start } = aSystemsManager({ documents: runbookDocuments, commandResult });
    await start(COMPRESS);
    await clock.run();
    expect(ssm.automationExecutions()[0]?.status).toBe('Failed');
    expect(ssm.automationExecutions()[0]?.failureMessage).toMatch(
      /^Step CompressLogs failed: .*response code 3: no space/,
    );
  });

  it('emits nothing for a status event that gets lost', async () => {
    const { clock, events, start } = aSystemsManager({
      ...printing,
      dropStatusEvent: (_, status) => status === 'Success',
    });
    await start(COMPRESS);
    await clock.run();
    expect(events.map(({ detail }) => detail['Status'])).not.toContain('Success');
  });
});

describe('AWS-RestartEC2Instance', () => {
  it('stops and starts, and waits until the status checks pass', async () => {
    let state = 'running';
    let looks = 0;
    const { ssm, clock, calls, start } = aSystemsManager({}, ({ operation }) => {
      if (operation === 'StopInstances') state = 'stopped';
      if (operation === 'StartInstances') state = 'running';
      if (operation !== 'DescribeInstanceStatus') return {};
      const checks = { Status: state === 'running' && (looks += 1) < 3 ? 'initializing' : 'ok' };
      return {
        InstanceStatuses: [
          { InstanceId: INSTANCE, InstanceState: { Name: state }, InstanceStatus: checks, SystemStatus: checks },
        ],
      };
    });
    await start({ DocumentName: 'AWS-RestartEC2Instance', Parameters: { InstanceId: [INSTANCE] } });
    await clock.run();
    expect(ssm.automationExecutions()[0]?.status).toBe('Success');
    expect(clock.iso()).toBe('2026-11-20T12:00:10.000Z');
    expect(calls[0]).toMatchObject({
      operation: 'StopInstances',
      input: { InstanceIds: [INSTANCE] },
      principal: CALLER,
    });
  });

  it('needs the definition without an account, and the role passed to SSM', () => {
    const { ssm } = aSystemsManager();
    expect(
      ssm.grantsFor('StartAutomationExecution', {
        DocumentName: 'AWS-RestartEC2Instance',
        Parameters: { InstanceId: [INSTANCE], AutomationAssumeRole: [ROLE] },
      }),
    ).toEqual([
      {
        action: 'ssm:StartAutomationExecution',
        resource: 'arn:aws:ssm:eu-central-1::automation-definition/AWS-RestartEC2Instance:$DEFAULT',
      },
      {
        action: 'ssm:StartAutomationExecution',
        resource: 'arn:aws:ssm:eu-central-1::document/AWS-RestartEC2Instance',
      },
      {
        action: 'ssm:StartAutomationExecution',
        resource: 'arn:aws:ssm:eu-central-1:123456789012:automation-execution/*',
      },
      { action: 'iam:PassRole', resource: ROLE, context: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    ]);
  });
});

describe('starting an automation', () => {
  it.each([
    ['an unknown document', { DocumentName: 'nothing' }, 'AutomationDefinitionNotFoundException'],
    ['a missing parameter', { DocumentName: COMPRESS.DocumentName }, 'InvalidAutomationExecutionParametersException'],
    [
      'an unknown parameter',
      { ...COMPRESS, Parameters: { ...COMPRESS.Parameters, Other: ['x'] } },
      'InvalidAutomationExecutionParametersException',
    ],
    [
      'a value that breaks its pattern',
      { ...COMPRESS, Parameters: { ...COMPRESS.Parameters, Path: ['$(reboot)'] } },
      'InvalidAutomationExecutionParametersException',
    ],
    [
      'two values for one String',
      { ...COMPRESS, Parameters: { ...COMPRESS.Parameters, Path: ['/a', '/b'] } },
      'InvalidAutomationExecutionParametersException',
    ],
    [
      'braces in a value',
      { DocumentName: 'test', Parameters: { Name: ['{{ global:REGION }}'] } },
      'InvalidAutomationExecutionParametersException',
    ],
    [
      'too few items of a list',
      { DocumentName: 'test', Parameters: { Nodes: [] } },
      'InvalidAutomationExecutionParametersException',
    ],
    [
      'too many items of a list',
      { DocumentName: 'test', Parameters: { Nodes: ['a', 'b', 'c'] } },
      'InvalidAutomationExecutionParametersException',
    ],
    ['a short token', { DocumentName: 'test', ClientToken: 'abc' }, 'ValidationException'],
    ['Targets', { DocumentName: 'test', Targets: [] }, 'UnsupportedInSandboxError'],
  ])('is refused for %s', async (_, input, name) => {
    const parameters = {
      Name: { type: 'String', default: 'x' },
      Nodes: { type: 'StringList', default: ['a'], minItems: 1, maxItems: 2 },
    };
    const { start } = aSystemsManager({
      documents: [...runbookDocuments, anAutomation([asleep('a')], { parameters })],
    });
    await expect(start(input)).rejects.toMatchObject({ name });
  });

  it('is refused when the role cannot be assumed, and over the limit', async () => {
    const canAssume = () => {
      throw new AwsError('AccessDenied', 'no');
    };
    const refused = aSystemsManager({ documents: runbookDocuments, canAssume });
    await expect(refused.start(COMPRESS)).rejects.toMatchObject({
      name: 'InvalidAutomationExecutionParametersException',
    });
    const { start } = aSystemsManager({ documents: [anAutomation([asleep('a')])], concurrentLimit: 1 });
    await start({ DocumentName: 'test' });
    await expect(start({ DocumentName: 'test' })).rejects.toMatchObject({
      name: 'AutomationExecutionLimitExceededException',
    });
  });

  it('gives the same execution for the same token, and refuses other input with it', async () => {
    const { start } = aSystemsManager({ documents: [anAutomation([asleep('a')])] });
    const once = { DocumentName: 'test', ClientToken: '00000000-0000-4000-8000-000000000000' };
    expect(await start(once)).toBe(await start(once));
    await expect(start({ ...once, Parameters: { Name: ['y'] } })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
  });
});

describe('steps', () => {
  const failing = (more: object) => ({
    name: 'call',
    action: 'aws:executeAwsApi',
    inputs: { Service: 'ec2', Api: 'describe_vpcs' },
    ...more,
  });
  const fail = () => {
    throw new AwsError('UnauthorizedOperation', 'You may not.');
  };

  it.each([
    ['Abort', { onFailure: 'Abort' }, 'Failed', ['Failed', 'Pending', 'Pending']],
    [
      'Continue on a critical step',
      { onFailure: 'Continue', isCritical: true },
      'Failed',
      ['Failed', 'Success', 'Success'],
    ],
    ['Continue on another step', { onFailure: 'Continue' }, 'Success', ['Failed', 'Success', 'Success']],
    ['Cancel', { onFailure: 'Cancel' }, 'Cancelled', ['Failed', 'Pending', 'Pending']],
    ['a jump', { onFailure: 'step:last', isCritical: false }, 'Success', ['Failed', 'Pending', 'Success']],
  ])('follow onFailure: %s', async (_, more, status, steps) => {
    const { ssm, clock, start } = aSystemsManager(
      { documents: [anAutomation([failing(more), asleep('next'), asleep('last')])] },
      fail,
    );
    await start({ DocumentName: 'test' });
    await clock.run();
    expect(ssm.automationExecutions()[0]?.status).toBe(status);
    expect(ssm.automationExecutions()[0]?.steps.map((step) => step.status)).toEqual(steps);
  });

  it('try maxAttempts times, and say what AWS said', async () => {
    const { ssm, calls, clock, start } = aSystemsManager(
      { documents: [anAutomation([failing({ maxAttempts: 3 })])] },
      fail,
    );
    await start({ DocumentName: 'test' });
    await clock.run();
    expect(calls).toHaveLength(3);
    expect(ssm.automationExecutions()[0]?.failureMessage).toContain(
      'An error occurred (UnauthorizedOperation) when calling the DescribeVpcs operation: You may not',
    );
  });

  it('hand outputs on with their type, and branch on them', async () => {
    const steps = [
      { ...failing({}), outputs: [{ Name: 'Ids', Selector: '$.Vpcs[*].VpcId', Type: 'StringList' }] },
      {
        name: 'which',
        action: 'aws:branch',
        inputs: { Choices: [{ Variable: '{{ Name }}', StringEquals: 'x', NextStep: 'use' }], Default: 'skip' },
      },
      asleep('skip', { isEnd: true }),
      {
        name: 'use',
        action: 'aws:executeAwsApi',
        inputs: { Service: 'ec2', Api: 'DescribeVpcs', VpcIds: '{{ call.Ids }}', Note: 'in {{ global:REGION }}' },
      },
    ];
    const { ssm, calls, clock, start } = aSystemsManager({ documents: [anAutomation(steps)] }, () => ({
      Vpcs: [{ VpcId: 'vpc-1' }],
    }));
    await start({ DocumentName: 'test' });
    await clock.run();
    expect(calls[1]?.input).toEqual({ VpcIds: ['vpc-1'], Note: 'in eu-central-1' });
    expect(ssm.automationExecutions()[0]?.steps.map(({ status }) => status)).toEqual([
      'Success',
      'Success',
      'Pending',
      'Success',
    ]);
  });

  it('wait for a property until the step times out', async () => {
    const inputs = { Service: 'ec2', Api: 'DescribeVpcs', PropertySelector: '$.State', DesiredValues: ['available'] };
    const { ssm, clock, start } = aSystemsManager(
      {
        documents: [
          anAutomation([{ name: 'wait', action: 'aws:waitForAwsResourceProperty', timeoutSeconds: 12, inputs }]),
        ],
      },
      () => ({ State: 'pending' }),
    );
    await start({ DocumentName: 'test' });
    await clock.run();
    expect(ssm.automationExecutions()[0]?.status).toBe('TimedOut');
    expect(clock.iso()).toBe('2026-11-20T12:00:12.000Z');
  });

  it('stop when the automation is cancelled, and cannot be stopped again', async () => {
    const { ssm, clock, ask, start, events } = aSystemsManager({
      documents: [anAutomation([asleep('a'), asleep('b')])],
    });
    const AutomationExecutionId = await start({ DocumentName: 'test' });
    clock.schedule(5000, 'stop', () => void ask('StopAutomationExecution', { AutomationExecutionId }));
    await clock.run();
    expect(events.map(({ detail }) => detail['Status'])).toEqual(['Pending', 'InProgress', 'Cancelling', 'Cancelled']);
    expect(ssm.automationExecutions()[0]?.steps[0]?.status).toBe('Cancelled');
    await expect(ask('StopAutomationExecution', { AutomationExecutionId })).rejects.toMatchObject({
      name: 'InvalidAutomationStatusUpdateException',
    });
  });

  it('wait for the approval of an approver, and refuse one of anybody else', async () => {
    const step = { name: 'ask', action: 'aws:approve', inputs: { Approvers: [CALLER.arn] } };
    const { ssm, clock, ask, start } = aSystemsManager({ documents: [anAutomation([step])] });
    const AutomationExecutionId = await start({ DocumentName: 'test' });
    await clock.run(() => ssm.automationExecutions()[0]?.status === 'Waiting');
    const signal = { AutomationExecutionId, SignalType: 'Approve' };
    await expect(ask('SendAutomationSignal', signal, { kind: 'role', arn: ROLE })).rejects.toMatchObject({
      name: 'InvalidAutomationSignalException',
    });
    await ask('SendAutomationSignal', signal);
    await clock.run();
    expect(ssm.automationExecutions()[0]?.status).toBe('Success');
  });
});
