import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { type AutomationExecution, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { recordCommand } from '../../cli/record.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import { documentsOf } from '../../infra/folder-documents.ts';
import { breaksOf } from '../../rehearsal/breaks.ts';
import { recordAutomation } from '../../rehearsal/record/automation-answers.ts';
import { machineAnswers } from '../../rehearsal/record/machine-answers.ts';
import { type RecordedExecution, readExecution } from '../../rehearsal/record/read-execution.ts';
import { recordRehearsal } from '../../rehearsal/record/record-rehearsal.ts';
import { answersInOrder } from '../../rehearsal/record/recorded-answer.ts';
import { relativeMoments } from '../../rehearsal/record/relative-moments.ts';
import { repairCourse } from '../../rehearsal/record/repair-course.ts';
import { objectAt } from '../../rehearsal/record/step-answers.ts';
import { type Rehearsal, readRehearsal } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import { rehearseRunbook } from '../../rehearsal/rehearse-runbook.ts';
import { findRunbook } from '../../rehearsal/rehearsed-runbook.ts';
import { type AwsCall, AwsError } from '../../sandbox/aws.ts';
import { VirtualClock } from '../../sandbox/clock.ts';
import { operatorKey } from '../../sandbox/sandbox.ts';
import { runDefinition } from '../../sandbox/states/run-definition.ts';
import { parseWorld, World } from '../../sandbox/world/world.ts';
import { anAlert } from '../support/an-alert.ts';
import { testAssembly } from '../support/stage.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const noFolder = { documents: [], manifest: { id: 'any', mutations: [] } };
let stage: RehearsalStage;

beforeAll(async () => {
  stage = await RehearsalStage.open(testAssembly);
}, 60_000);
afterAll(() => stage?.close());

const client = () => ({
  region: 'eu-central-1',
  endpoint: stage.stack.sandbox.endpointUrl,
  credentials: { accessKeyId: operatorKey, secretAccessKey: 'sandbox' },
});

/** An execution as if it had run in another account and Region than rehearsals do. */
function elsewhere(execution: RecordedExecution): RecordedExecution {
  const text = JSON.stringify(execution)
    .replaceAll('123456789012', '111122223333')
    .replaceAll('eu-central-1', 'us-east-1');
  const isTime = (name: string) => ['timestamp', 'ExecutionStartTime', 'ExecutionEndTime'].includes(name);
  return JSON.parse(text, (name, value) => (isTime(name) ? new Date(value) : value)) as RecordedExecution;
}

/** What of a rehearsal is played otherwise. */
type Changes = Partial<Pick<Rehearsal, 'faults' | 'people'>>;

/** Plays a rehearsal, and gives the ARN of its execution. */
async function play({ event, world, people, faults }: Rehearsal): Promise<string> {
  const { runbook } = await stage.play({
    event,
    world,
    approver: people.approver,
    breaks: () => breaksOf(faults, stage.isMachine),
    losesStatusEvents: faults.some(({ lost }) => lost !== undefined),
    hasChat: false,
    toTheEnd: false,
  });
  return runbook?.arn ?? '';
}

function folderOf(id: string) {
  const folder = loadConfig(checkout).runbooks.find(({ manifest }) => manifest.id === id);
  if (!folder) throw new Error(`There is no ${id}.`);
  return folder;
}

/** Plays a rehearsal, records its execution from the endpoint as from AWS, and rehearses what was recorded. */
async function recordAgain(id: string, name: string, changes: Changes = {}) {
  const folder = folderOf(id);
  const original = { ...readRehearsal(join(folder.directory, `rehearsals/${name}.yaml`)), ...changes };
  const { event, world } = original;
  const execution = await readExecution(await play(original), {
    sfn: new SFNClient(client()),
    ssm: new SSMClient(client()),
  });
  const documents = documentsOf(folder.directory);
  const { files, toDo } = recordRehearsal(elsewhere(execution), 'recorded', { documents, manifest: folder.manifest });
  const out = mkdtempSync(join(tmpdir(), 'handsoff-record-'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(out, file), text);
  // What came as no alarm is put there by hand.
  const put = (file: string, text: string) =>
    toDo.some((line) => line.endsWith(`put the event into ${file}.`)) && writeFileSync(join(out, file), text);
  put('recorded.alarm.json', JSON.stringify(event));
  const [happening] = world.happenings;
  if (happening) put('recorded.recovered.json', JSON.stringify(happening.event));
  const result = await rehearseRunbook({
    stage,
    runbook: findRunbook(stage.stack.sandbox.assembly, folder),
    rehearsals: [readRehearsal(join(out, 'recorded.yaml'))],
    hasMatrices: false,
  });
  return { files, toDo, scenarios: result.scenarios };
}

it('makes a rehearsal of an execution, read from the endpoint as from AWS, that passes when it is rehearsed', async () => {
  const { files, toDo, scenarios } = await recordAgain('ec2-status-check-failed', 'restart-recovers');
  expect(toDo).toEqual([]);
  expect(Object.keys(files)).toEqual(['recorded.yaml', 'recorded.alarm.json', 'recorded.recovered.json']);
  expect(Object.values(files).join()).not.toMatch(/us-east-1|111122223333/);
  expect(files['recorded.yaml']).toMatch(/findings:\n {4}instance-status: unhealthy\n/);
  expect(files['recorded.yaml']).toMatch(/ - diagnosed\n/);
  expect(scenarios.flatMap(({ differences }) => differences)).toEqual([]);
  expect(scenarios).toMatchObject([{ outcome: 'recovered', passed: true }]);
}, 60_000);

it.each<[string, string, string, string, Changes?]>([
  ['services that the SDK spells otherwise', 'alb-bad-target', 'one-target-recovers', 'recovered'],
  ['a command that only looks', 'disk-space-low', 'compress-recovers', 'recovered'],
  ['an approver who refused', 'disk-space-low', 'approver-refuses', 'needs-human'],
  [
    'an approver who said nothing',
    'disk-space-low',
    'compress-recovers',
    'needs-human',
    { people: { approver: 'silent' } },
  ],
  [
    'an end that nobody was told of',
    'rds-storage-low',
    'enlarge-recovers',
    'recovered',
    { faults: [{ lost: 'status-event' }] },
  ],
  [
    'a call that failed once and one without an answer',
    'rds-storage-low',
    'enlarge-recovers',
    'needs-human',
    {
      faults: [
        { call: 'rds:DescribeEvents', error: 'throttled', times: 1 },
        { call: 'cloudwatch:GetMetricData', error: 'timeout' },
      ],
    },
  ],
  [
    'diagnostics that did not run',
    'rds-storage-low',
    'enlarge-recovers',
    'needs-human',
    {
      faults: [
        { call: 'lambda:Invoke', input: { FunctionName: [{ suffix: 'handsoff-diagnose' }] }, error: 'throttled' },
      ],
    },
  ],
  ['a script, and one document that is sent twice', 'ansible-playbook', 'playbook-restores-service', 'recovered'],
  ['a finding about an access key', 'access-key-exposed', 'key-deactivated', 'contained'],
  [
    'times in texts, and a function of the same name elsewhere',
    'lambda-errors-after-deploy',
    'moved-back',
    'recovered',
  ],
  ['a step that was not answered what it asserts', 's3-bucket-public', 'block-does-not-hold', 'needs-human'],
  ['a change of two resources, and a wait in vain', 'sqs-dead-letters', 'move-is-cancelled', 'needs-human'],
  ['an alarm that fired again', 'rds-connections-exhausted', 'leak-fills-up-again', 'needs-human'],
  ['an alarm that had no data in the end', 'ec2-status-check-failed', 'goes-silent', 'needs-human'],
  ['a job of Rundeck that was aborted', 'rundeck-job', 'job-hangs', 'needs-human'],
])(
  'records %s so that it comes to the same',
  async (_what, id, name, outcome, changes) => {
    const { scenarios } = await recordAgain(id, name, changes);
    expect(scenarios.flatMap(({ differences }) => differences)).toEqual([]);
    expect(scenarios).toMatchObject([{ outcome, passed: true }]);
  },
  60_000,
);

it('says what a history does not tell, and passes once it was added', async () => {
  const { toDo, scenarios } = await recordAgain('ecs-deployment-failing', 'rolled-back');
  expect(toDo).toEqual([
    'The alert came as ecs, whose event cannot be made from it: put the event into recorded.alarm.json.',
    'Its recovery came as ecs, whose event cannot be made from it: put the event into recorded.recovered.json.',
  ]);
  expect(scenarios).toMatchObject([{ outcome: 'recovered', passed: true, differences: [] }]);
}, 60_000);

describe('the history of a machine', () => {
  const sdk = { resourceType: 'aws-sdk:sqs', resource: 'getQueueUrl' };
  const at = new Date('2026-11-09T03:00:00Z');

  it('has what a call failed with, and then what it was answered', () => {
    const cause = 'No such queue. (Service: Sqs, Status Code: 400, Request ID: 0a1b) (SDK Attempt Count: 1)';
    const { answers } = machineAnswers([
      {
        id: 2,
        timestamp: at,
        type: 'TaskFailed',
        taskFailedEventDetails: { ...sdk, error: 'Sqs.QueueDoesNotExistException', cause },
      },
      {
        id: 3,
        timestamp: at,
        type: 'TaskSucceeded',
        taskSucceededEventDetails: { ...sdk, output: '{"QueueUrl":"https://q","At":"2026-11-09T02:59:00Z"}' },
      },
    ]);
    expect(answersInOrder(answers, false)).toEqual([
      {
        call: 'sqs:GetQueueUrl',
        error: { code: 'QueueDoesNotExist', message: 'No such queue.', statusCode: 400 },
        times: 1,
      },
      { call: 'sqs:GetQueueUrl', output: { QueueUrl: 'https://q', At: '{{now-60s}}' } },
    ]);
  });
});

it('leaves no account in what it writes, whosever it is', async () => {
  const { files } = recordOf({
    history: [
      {
        id: 1,
        timestamp: undefined,
        type: 'TaskSucceeded',
        taskSucceededEventDetails: {
          resourceType: 'aws-sdk:ecs',
          resource: 'describeTasks',
          output: JSON.stringify({
            Image: '444455556666.dkr.ecr.eu-central-1.amazonaws.com/shop',
            Queue: 'https://sqs.eu-central-1.amazonaws.com/444455556666/orders',
            OwnerId: '444455556666',
            Role: 'arn:aws:iam::444455556666:role/shop',
            Text: 'account 111122223333',
          }),
        },
      },
    ],
  });
  const written = Object.values(files).join();
  expect(written).not.toMatch(/111122223333|444455556666/);
  // What is elsewhere stays elsewhere.
  expect(written).toMatch(/Text: account 123456789012/);
  expect(written).toMatch(/OwnerId: "0000000000\d\d"/);
});

it('writes what can be read again, without what it hides, however long its lines are', () => {
  const secret = `${'x'.repeat(90)}\u001BBearer ${'y'.repeat(150)}`;
  const same = { Status: 'ok' };
  const output = JSON.stringify({
    Token: 'abcdefgh',
    Text: `${'x'.repeat(100)}\u001Barn:aws:iam::111122223333:role/a`,
    Log: secret,
    One: same,
    Other: same,
  });
  const { files } = recordOf({
    history: [
      {
        ...event(1, 'TaskSucceeded'),
        taskSucceededEventDetails: { resourceType: 'aws-sdk:ecs', resource: 'describeTasks', output },
      },
    ],
  });
  const text = files['recorded.yaml'] ?? '';
  const { world } = parse(text) as { world: { answers: readonly { output: Record<string, unknown> }[] } };
  expect(world.answers[0]?.output).toEqual({
    Token: '[redacted]',
    Text: `${'x'.repeat(100)}\u001Barn:aws:iam::123456789012:role/a`,
    Log: `${'x'.repeat(90)}\u001B[redacted]`,
    One: same,
    Other: same,
  });
  expect(text).not.toMatch(/[&*]a1/);
});

it('makes the smallest answer in which a selector finds what was waited for', () => {
  expect(objectAt('$.Reservations[0].Instances[0].State.Name', 'stopped')).toEqual({
    Reservations: [{ Instances: [{ State: { Name: 'stopped' } }] }],
  });
  expect(objectAt('$.Tags[*].Key', ['a', 'b'])).toEqual({ Tags: [{ Key: 'a' }, { Key: 'b' }] });
});

it('keeps apart two braces that would be a template, and says of moments how long ago they were', () => {
  const at = new Date('2026-11-09T03:00:00Z');
  expect(relativeMoments({ log: 'Hello {{name}}', at: 'since 2026-11-09T02:59:00Z' }, at)).toEqual({
    log: 'Hello { {name}}',
    at: 'since {{now-60s}}',
  });
});

describe('branches of a definition', () => {
  const read = (queue: string) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:sqs:getQueueAttributes',
    Arguments: { QueueUrl: queue, AttributeNames: ['All'] },
    Output: '{% $states.result.Attributes.Waiting %}',
    End: true,
  });
  const machine = (state: object) => ({
    QueryLanguage: 'JSONata',
    StartAt: 'Read',
    States: { Read: { ...state, End: true } },
  });
  const branch = (queue: string) => ({ StartAt: `Read ${queue}`, States: { [`Read ${queue}`]: read(queue) } });
  const parallel = (...queues: string[]) => machine({ Type: 'Parallel', Branches: queues.map(branch) });
  const map = (...queues: string[]) =>
    machine({
      Type: 'Map',
      Items: queues,
      ItemProcessor: { StartAt: 'Read Queue', States: { 'Read Queue': read('{% $states.input %}') } },
    });
  const waiting = (queue: string, Waiting: string) => ({
    call: 'sqs:GetQueueAttributes',
    input: { QueueUrl: [queue] },
    output: { Attributes: { Waiting } },
  });

  async function run(definition: object, answers: readonly object[]) {
    const world = new World(parseWorld({ answers }));
    const { output = 'null', history } = await runDefinition({
      definition: JSON.stringify(definition),
      machineName: 'any',
      type: 'STANDARD',
      input: '{}',
      call: (made) => world.answer(made),
      clock: new VirtualClock(0),
      account: '123456789012',
      region: 'eu-central-1',
    });
    const events = history.map((event) => ({ ...event, timestamp: new Date(event.timestamp) })) as HistoryEvent[];
    return { output: JSON.parse(output) as unknown, events };
  }

  it.each([
    ['Map', map],
    ['Parallel', parallel],
  ])('of a %s are each answered what they were, though they come in another order', async (_type, definition) => {
    const { output, events } = await run(definition('orders', 'carts'), [
      waiting('orders', '1'),
      waiting('carts', '2'),
    ]);
    expect(output).toEqual(['1', '2']);
    const recorded = answersInOrder(machineAnswers(events).answers, true);
    expect((await run(definition('carts', 'orders'), recorded)).output).toEqual(['2', '1']);
  });

  it('are mentioned, since nobody knows in which order they come again', async () => {
    const { events } = await run(parallel('orders', 'carts'), [waiting('orders', '1'), waiting('carts', '2')]);
    expect(recordOf({ history: events }).toDo).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Branches ran at the same time/)]),
    );
  });

  it('of a distributed Map are said to be missing', () => {
    const mapRunStartedEventDetails = { mapRunArn: 'arn:aws:states:eu-central-1:111122223333:mapRun:any/Each:0a1b' };
    const history: HistoryEvent[] = [{ ...event(2, 'MapRunStarted'), mapRunStartedEventDetails }];
    expect(recordOf({ history }).toDo.join()).toMatch(/distributed map/);
  });
});

const at = new Date('2026-11-09T03:00:00Z');

function event(id: number, type: HistoryEvent['type']): HistoryEvent {
  return { id, type, timestamp: at, previousEventId: id - 1 };
}

/** The recording of an execution in which nothing happened but this. */
function recordOf(execution: Partial<RecordedExecution>) {
  return recordRehearsal(
    {
      runbook: 'any',
      account: '111122223333',
      region: 'eu-central-1',
      ended: 'SUCCEEDED',
      input: { alert: anAlert() },
      output: undefined,
      history: [],
      remediate: [],
      automations: [],
      ...execution,
    },
    'recorded',
    noFolder,
  );
}

describe('what no rehearsal reproduces is said:', () => {
  it('a runbook that gave no outcome', () => {
    expect(recordOf({ ended: 'FAILED (States.Runtime: no such field)' }).toDo.join()).toMatch(
      /ended FAILED \(States\.Runtime: no such field\)/,
    );
  });

  it.each([
    ['a guard that refused', 'refuse', /^The guard refused \(Too many\.\)/],
    ['a runbook that only proposed', 'propose', /^It only proposed/],
  ])('%s', (_what, decision, said) => {
    const answer = { resourceType: 'lambda', resource: 'invoke' };
    const output = JSON.stringify({ Payload: { decision, text: 'Too many.' } });
    const { toDo } = repairCourse([
      { ...event(1, 'TaskScheduled'), taskScheduledEventDetails: { ...answer, region: '', parameters: '{}' } },
      { ...event(2, 'TaskSucceeded'), taskSucceededEventDetails: { ...answer, output } },
    ]);
    expect(toDo).toEqual([expect.stringMatching(said)]);
  });

  it('a task that failed with what nobody can make happen again', () => {
    const task = { resourceType: 'lambda', resource: 'invoke' };
    const parameters = '{"FunctionName":"handsoff-diagnose"}';
    const { toDo } = machineAnswers([
      { ...event(1, 'TaskStateEntered'), stateEnteredEventDetails: { name: 'Diagnose Disk' } },
      { ...event(2, 'TaskScheduled'), taskScheduledEventDetails: { ...task, region: '', parameters } },
      {
        ...event(3, 'TaskFailed'),
        taskFailedEventDetails: {
          ...task,
          error: 'TypeError',
          cause: '{"errorMessage":"no such field","trace":["at handler"]}',
        },
      },
    ]);
    expect(toDo).toEqual([expect.stringMatching(/^The task Diagnose Disk failed with TypeError \(no such field\)/)]);
  });

  it('a repair that could not be asked for', () => {
    const task = { resourceType: 'states', resource: 'startExecution.sync:2' };
    const failure = { ...task, error: 'StepFunctions.ExecutionLimitExceededException', cause: 'Too many.' };
    const { toDo } = machineAnswers([
      { ...event(1, 'TaskStateEntered'), stateEnteredEventDetails: { name: 'Restart Instance' } },
      { ...event(2, 'TaskScheduled'), taskScheduledEventDetails: { ...task, region: '', parameters: '{}' } },
      { ...event(3, 'TaskSubmitFailed'), taskSubmitFailedEventDetails: failure },
    ]);
    expect(toDo).toEqual([
      expect.stringMatching(/^The task Restart Instance failed with StepFunctions\.Exec.*Too many/),
    ]);
  });
});

it('records what a function of the account returned to an automation, and counts it as a change', () => {
  const { answers, changes } = recordAutomation({
    StepExecutions: [
      {
        StepName: 'Ask',
        Action: 'aws:invokeLambdaFunction',
        StepStatus: 'Success',
        Inputs: { FunctionName: '"arn:aws:lambda:eu-central-1:111122223333:function:drain"' },
        Outputs: { Payload: ['{"drained":true}'] },
      },
    ],
  });
  const input = { FunctionName: [{ suffix: 'drain' }] };
  expect(answers).toMatchObject([{ call: 'lambda:Invoke', says: { input, output: { Payload: { drained: true } } } }]);
  expect(changes).toMatchObject([{ service: 'lambda', operation: 'Invoke' }]);
});

describe('the steps of an automation', () => {
  const step = { Action: 'aws:waitForAwsResourceProperty', StepStatus: 'TimedOut' } as const;
  const inputs = {
    Service: '"rds"',
    Api: '"DescribeDBInstances"',
    PropertySelector: '"$.DBInstances[0].DBInstanceStatus"',
    DesiredValues: '["available"]',
  };

  it('that waited in vain asked as long as they waited, and others later', () => {
    const later = (seconds: number) => new Date(at.getTime() + seconds * 1000);
    const { answers } = recordAutomation({
      StepExecutions: [
        { ...step, Inputs: inputs, ExecutionStartTime: at, ExecutionEndTime: later(60) },
        { ...step, Inputs: inputs, ExecutionStartTime: later(60), ExecutionEndTime: later(61), StepStatus: 'Success' },
      ],
    });
    expect(answersInOrder(answers.toReversed(), false)).toEqual([
      { call: 'rds:DescribeDBInstances', output: {}, times: 12 },
      { call: 'rds:DescribeDBInstances', output: { DBInstances: [{ DBInstanceStatus: 'available' }] } },
    ]);
  });

  it('that could not change the state of an instance say why', () => {
    const { answers, changes } = recordAutomation({
      StepExecutions: [
        {
          Action: 'aws:changeInstanceState',
          StepStatus: 'Failed',
          Inputs: { InstanceIds: '["i-0a1b2c3d"]', DesiredState: '"running"' },
          FailureMessage:
            'An error occurred (IncorrectInstanceState) when calling the StartInstances operation: It is gone',
        },
      ],
    });
    expect(answersInOrder(answers, false)).toEqual([
      { call: 'ec2:StartInstances', error: { code: 'IncorrectInstanceState', message: 'It is gone' } },
    ]);
    expect(changes).toMatchObject([{ service: 'ec2', operation: 'StartInstances' }]);
  });
});

describe('reading an execution', () => {
  const arn = 'arn:aws:states:eu-central-1:111122223333:execution:handsoff-runbook-disk-space-low:inc-0a1b';
  const stateMachineArn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:handsoff-runbook-disk-space-low';

  /** AWS with these answers, by the name of the command. */
  function aws(answers: Readonly<Record<string, object>>) {
    const send = async ({ constructor: { name } }: object) => answers[name] ?? {};
    const { region } = client();
    return {
      sfn: Object.assign(new SFNClient({ region }), { send }),
      ssm: Object.assign(new SSMClient({ region }), { send }),
    };
  }

  const submitted = (id: number, name: string): HistoryEvent => ({
    ...event(id, 'TaskSubmitted'),
    taskSubmittedEventDetails: {
      resourceType: 'states',
      resource: 'startExecution.sync:2',
      output: JSON.stringify({ ExecutionArn: arn.replace('runbook-disk-space-low:inc-0a1b', `remediate:${name}`) }),
    },
  });

  it.each<[string, object, HistoryEvent[], RegExp]>([
    [
      'of another machine',
      { stateMachineArn: `${stateMachineArn.slice(0, -22)}respond` },
      [],
      /is no execution of a runbook/,
    ],
    ['that still runs', { status: 'RUNNING' }, [], /still runs; record it when it has ended/],
    ['that nobody alerted', { input: '{}' }, [], /was started without an alert/],
    ['that somebody stopped', { status: 'ABORTED' }, [], /was stopped by somebody before its end/],
    [
      'that was redriven',
      {},
      [{ ...event(9, 'ExecutionRedriven'), executionRedrivenEventDetails: { redriveCount: 1 } }],
      /was redriven, and a rehearsal runs once/,
    ],
    [
      'whose history is full',
      { status: 'FAILED' },
      Array.from({ length: 25_000 }, (_, index) => event(index + 1, 'PassStateEntered')),
      /filled a history of 25000 events/,
    ],
    ['with two repairs', {}, [submitted(1, 'inc-0a1b'), submitted(2, 'inc-0a1c')], /asked for more than one repair/],
  ])('refuses one %s', async (_what, described, events, message) => {
    const answers = {
      DescribeExecutionCommand: { stateMachineArn, status: 'SUCCEEDED', input: '{"alert":{}}', ...described },
      GetExecutionHistoryCommand: { events },
    };
    await expect(readExecution(arn, aws(answers))).rejects.toThrow(message);
  });

  it('reads every page of a history', async () => {
    const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: object }) => {
      if (name === 'DescribeExecutionCommand') return { stateMachineArn, status: 'SUCCEEDED', input: '{"alert":{}}' };
      return 'nextToken' in input
        ? { events: [event(2, 'ExecutionSucceeded')] }
        : { events: [event(1, 'ExecutionStarted')], nextToken: 'more' };
    };
    const { region } = client();
    const clients = { sfn: Object.assign(new SFNClient({ region }), { send }), ssm: new SSMClient({ region }) };
    const { history } = await readExecution(arn, clients);
    expect(history.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('reads every step of an automation of which SSM gives the first alone', async () => {
    const id = '0a1b2c3d-0000-4000-8000-000000000000';
    const steps = [{ StepName: 'One' }, { StepName: 'Two' }];
    const first: AutomationExecution = { StepExecutions: steps.slice(0, 1), StepExecutionsTruncated: true };
    const ended: HistoryEvent = {
      ...event(2, 'TaskSucceeded'),
      taskSucceededEventDetails: {
        resourceType: 'lambda',
        resource: 'invoke',
        output: JSON.stringify({ Payload: { execution_id: id } }),
      },
    };
    const { automations } = await readExecution(
      arn,
      aws({
        DescribeExecutionCommand: { stateMachineArn, status: 'SUCCEEDED', input: '{"alert":{}}' },
        GetExecutionHistoryCommand: { events: [submitted(1, 'inc-0a1b'), ended] },
        GetAutomationExecutionCommand: { AutomationExecution: first },
        DescribeAutomationStepExecutionsCommand: { StepExecutions: steps },
      }),
    );
    expect(automations).toMatchObject([{ StepExecutions: steps }]);
  });
});

describe('handsoff record', () => {
  const gone = 'arn:aws:states:eu-central-1:123456789012:execution:handsoff-runbook-disk-space-low:nobody';

  const record = (...parameters: string[]) => recordFrom(stage.stack.sandbox.endpointUrl, ...parameters);

  async function recordFrom(endpointUrl: string, ...parameters: string[]) {
    vi.stubEnv('AWS_ENDPOINT_URL', endpointUrl);
    vi.stubEnv('AWS_ACCESS_KEY_ID', operatorKey);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'sandbox');
    const log = vi.spyOn(console, 'log').mockReturnValue();
    try {
      await recordCommand().parseAsync(parameters, { from: 'user' });
      return log.mock.calls.flat().join('\n');
    } finally {
      log.mockRestore();
      vi.unstubAllEnvs();
    }
  }

  it.each([
    [
      ['arn:aws:states:eu-central-1:123456789012:stateMachine:any'],
      /:stateMachine:any is no ARN of an execution; one is such as arn:/,
    ],
    [[gone], /Execution Does Not Exist.*Step Functions forgets an execution 90 days after its end\./],
    [[gone, '--name', '../elsewhere'], /^--name \.\.\/elsewhere is no name of a file/],
  ])('refuses %j', async (parameters, message) => {
    await expect(record(...parameters)).rejects.toThrow(message);
  });

  it.each([
    [
      'AccessDeniedException',
      'User is not authorized',
      /^User is not authorized\. Recording needs states:DescribeExec/,
    ],
    ['ExpiredTokenException', 'The token is expired.', /^The token is expired\. Log in to AWS again\./],
  ])('says what to do where AWS answers %s', async (name, text, message) => {
    let isDenying = true;
    const { router } = stage.stack.sandbox;
    const isAsked = ({ operation }: AwsCall) => isDenying && operation === 'DescribeExecution';
    router.inject((call) => (isAsked(call) ? new AwsError(name, text) : undefined));
    await expect(record(gone)).rejects.toThrow(message);
    isDenying = false;
  });

  it('asks for the commit of a runbook that is not here', async () => {
    const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:handsoff-runbook-of-others';
    const described = { stateMachineArn, status: 'SUCCEEDED', input: '{"alert":{}}' };
    const aws = createServer(({ headers }, response) => {
      const isDescribing = headers['x-amz-target'] === 'AWSStepFunctions.DescribeExecution';
      response.end(JSON.stringify(isDescribing ? described : { events: [] }));
    });
    const { address, port } = await new Promise<AddressInfo>((resolve) => {
      aws.listen(0, '127.0.0.1', () => resolve(aws.address() as AddressInfo));
    });
    await expect(recordFrom(`http://${address}:${port}`, gone)).rejects.toThrow(
      'There is no statemachines/runbooks/of-others here; check out the commit that the runbook was deployed from.',
    );
    aws.close();
  });

  it('writes its files where it is told, and overwrites none', async () => {
    const arn = await play(readRehearsal(join(folderOf('default').directory, 'rehearsals/unknown-alarm.yaml')));
    const out = mkdtempSync(join(tmpdir(), 'handsoff-record-'));
    const parameters = [arn, '--name', 'again', '--out'];
    expect(await record(...parameters, out)).toContain(join(out, 'again.yaml'));
    await expect(record(...parameters, out)).rejects.toThrow(/again\.yaml is there already; choose another --name\./);
    await expect(record(...parameters, join(out, 'again.yaml'))).rejects.toThrow(/is a file; name a folder\./);
  });
});
