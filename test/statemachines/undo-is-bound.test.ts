import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AwsCall } from '../../sandbox/aws.ts';
import { parseWorld, World } from '../../sandbox/world/world.ts';
import { aSystemsManager, ROLE } from '../sandbox/ssm/a-systems-manager.ts';

type Answers = Record<string, (input: never) => Record<string, unknown>>;

/** One resource as its documents see it: what is noted on it in tags, and the one thing that they change. */
interface Thing {
  readonly tags: Record<string, string>;
  state: string;
}

interface Bound {
  readonly folder: string;
  readonly repair: string;
  readonly undo: string;
  readonly parameters: Record<string, string[]>;
  /** Another alert's value of a parameter that the note is bound to. */
  readonly another: Record<string, string[]>;
  readonly before: string;
  readonly after: string;
  /** The call that makes the change. */
  readonly change: string;
  readonly somebodyElses: string;
  readonly answers: (thing: Thing) => Answers;
  readonly oldNote: Record<string, string>;
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const since = '2026-11-02T03:00:04.215Z';
const another = { Since: ['2026-11-02T03:00:04.216Z'] };
const tagged = ({ tags }: Thing) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const setTags =
  ({ tags }: Thing) =>
  (input: { Tags: Tag[] }) => {
    for (const { Key, Value } of input.Tags) tags[Key] = Value;
    return {};
  };
const removeTags =
  ({ tags }: Thing) =>
  (input: { TagKeys: string[] }) => {
    for (const key of input.TagKeys) delete tags[key];
    return {};
  };

const table: Bound = {
  folder: 'dynamodb-throttled',
  repair: 'raise-capacity',
  undo: 'lower-capacity',
  parameters: {
    TableName: ['carts'],
    TableArn: ['arn:aws:dynamodb:eu-central-1:123456789012:table/carts'],
    Metric: ['WriteThrottleEvents'],
    Since: [since],
  },
  another,
  before: '200:100',
  after: '200:150',
  change: 'dynamodb:UpdateTable',
  somebodyElses: '200:400',
  oldNote: { 'handsoff-capacity-before': '20:20' },
  answers: (thing) => ({
    'dynamodb:DescribeTable': () => {
      const [ReadCapacityUnits, WriteCapacityUnits] = thing.state.split(':').map(Number);
      return { Table: { TableStatus: 'ACTIVE', ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } } };
    },
    'dynamodb:ListTagsOfResource': () => ({ Tags: tagged(thing) }),
    'dynamodb:TagResource': setTags(thing),
    'dynamodb:UntagResource': removeTags(thing),
    'dynamodb:UpdateTable': ({ ProvisionedThroughput: set }: { ProvisionedThroughput: Record<string, number> }) => {
      thing.state = `${set['ReadCapacityUnits']}:${set['WriteCapacityUnits']}`;
      return {};
    },
  }),
};

const good = (Id: string) => ({ Target: { Id, Port: 8080 }, TargetHealth: { State: 'healthy' } });
const group: Bound = {
  folder: 'alb-bad-target',
  repair: 'deregister-target',
  undo: 'register-target',
  parameters: {
    TargetGroupArn: ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/checkout/73e2d6bc24d8a067'],
    Since: [since],
  },
  another,
  before: 'i-3:8080 unhealthy',
  after: 'i-3:8080 draining',
  change: 'elastic-load-balancing-v2:DeregisterTargets',
  // What is registered already is registered again.
  somebodyElses: '',
  oldNote: { 'handsoff-deregistered': 'i-9:8080' },
  answers: (thing) => {
    const set = (state: string) => (input: { Targets: { Id: string; Port: number }[] }) => {
      thing.state = `${input.Targets.map(({ Id, Port }) => `${Id}:${Port}`).join(' ')} ${state}`;
      return {};
    };
    return {
      'elastic-load-balancing-v2:DescribeTargetGroups': () => ({ TargetGroups: [{ TargetType: 'instance' }] }),
      'elastic-load-balancing-v2:DescribeTargetHealth': ({ Targets }: { Targets?: unknown }) => {
        const bad = { Target: { Id: 'i-3', Port: 8080 }, TargetHealth: { State: thing.state.split(' ')[1] } };
        return { TargetHealthDescriptions: Targets ? [bad] : [good('i-1'), good('i-2'), bad] };
      },
      'elastic-load-balancing-v2:DescribeTags': () => ({ TagDescriptions: [{ Tags: tagged(thing) }] }),
      'elastic-load-balancing-v2:AddTags': setTags(thing),
      'elastic-load-balancing-v2:RemoveTags': removeTags(thing),
      'elastic-load-balancing-v2:DeregisterTargets': set('draining'),
      'elastic-load-balancing-v2:RegisterTargets': set('unhealthy'),
    };
  },
};

const things = [table, group];
const changes = (calls: readonly AwsCall[]) => calls.filter(({ operation }) => !/^(Describe|List)/.test(operation));

/** Runs a document with its scripts; `broken` is a call that AWS refuses. */
async function run(bound: Bound, document: string, thing: Thing, more: { another?: boolean; broken?: string } = {}) {
  const url = new URL(`../../statemachines/runbooks/${bound.folder}/${document}.automation.yaml`, import.meta.url);
  const content: unknown = parse(readFileSync(url, 'utf8'));
  const answers = bound.answers(thing);
  const world = new World(parseWorld({ scripts: [{ run: 'real' }] }));
  const { ssm, clock, calls, start } = aSystemsManager(
    {
      documents: [{ name: document, documentType: 'Automation', content }],
      scriptResult: (request) => world.scriptResult(request),
    },
    ({ service, operation, input }) => {
      const name = `${service}:${operation}`;
      if (more.broken === name) throw new Error(`${name} is refused`);
      return answers[name]?.(input as never) ?? {};
    },
  );
  const Parameters = { ...bound.parameters, ...(more.another && bound.another), AutomationAssumeRole: [ROLE] };
  await start({ DocumentName: document, Parameters });
  await clock.run();
  return { status: ssm.automationExecutions()[0]?.status, changes: changes(calls) };
}

describe.each(things)('$folder', (bound) => {
  const aThing = (tags = {}, state = bound.before): Thing => ({ tags: { ...tags }, state });

  it('takes back what the same alert changed, once', async () => {
    const thing = aThing();
    await expect(run(bound, bound.repair, thing)).resolves.toMatchObject({ status: 'Success' });
    expect(thing.state).toBe(bound.after);
    await expect(run(bound, bound.undo, thing)).resolves.toMatchObject({ status: 'Success' });
    expect(thing.state).toBe(bound.before);
    await expect(run(bound, bound.undo, thing)).resolves.toEqual({ status: 'Success', changes: [] });
  });

  it("leaves alone what another alert's repair changed", async () => {
    const thing = aThing();
    await run(bound, bound.repair, thing);
    const after = structuredClone(thing);
    await expect(run(bound, bound.undo, thing, { another: true })).resolves.toEqual({ status: 'Success', changes: [] });
    expect(thing).toEqual(after);
  });

  it.each([
    ['no note', {}],
    ['a note that says of no alert', bound.oldNote],
  ])('changes nothing where there is %s', async (_, tags) => {
    await expect(run(bound, bound.undo, aThing(tags))).resolves.toEqual({ status: 'Success', changes: [] });
  });

  it('leaves it as it was where the change itself was refused after it had been noted', async () => {
    const thing = aThing(bound.oldNote);
    const refused = run(bound, bound.repair, thing, { broken: bound.change });
    await expect(refused).resolves.toMatchObject({ status: 'Failed' });
    await expect(run(bound, bound.undo, thing)).resolves.toMatchObject({ status: 'Success' });
    expect(thing.state).toBe(bound.before);
  });

  if (bound.somebodyElses === '') return;
  it('stops where somebody else has changed it since', async () => {
    const thing = aThing();
    await run(bound, bound.repair, thing);
    thing.state = bound.somebodyElses;
    await expect(run(bound, bound.undo, thing)).resolves.toEqual({ status: 'Failed', changes: [] });
  });
});

describe('guardduty-instance-compromised', () => {
  const [own, quarantine] = ['sg-0b1b2c3d4e5f60711 sg-0b1b2c3d4e5f60712', 'sg-0aaaaaaaaaaaaaaaa'];
  const instance: Bound = {
    ...table,
    folder: 'guardduty-instance-compromised',
    repair: 'isolate-instance',
    undo: '',
    parameters: { InstanceId: ['i-0a1b2c3d4e5f60718'] },
    answers: (thing) => ({
      'ec2:DescribeInstances': () => {
        const SecurityGroups = thing.state.split(' ').map((GroupId) => ({ GroupId }));
        const of = { VpcId: 'vpc-1', SecurityGroups, NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] };
        return { Reservations: [{ Instances: [of] }] };
      },
      'ec2:DescribeInstanceAttribute': () => ({ DisableApiTermination: { Value: false } }),
      'ec2:DescribeSecurityGroups': () => ({ SecurityGroups: [{ GroupId: quarantine }] }),
      'auto-scaling:DescribeAutoScalingInstances': () => ({ AutoScalingInstances: [] }),
      'ec2:CreateTags': setTags(thing),
      'ec2:CreateSnapshots': () => ({}),
      'ec2:ModifyInstanceAttribute': ({ Groups }: { Groups?: string[] }) => {
        if (Groups) thing.state = Groups.join(' ');
        return {};
      },
    }),
  };

  it('notes what it had before it cuts an instance off', async () => {
    const thing: Thing = { tags: {}, state: own };
    await expect(run(instance, instance.repair, thing)).resolves.toMatchObject({ status: 'Success' });
    expect(thing).toEqual({ tags: { 'handsoff-groups': own, 'handsoff-protected': 'false' }, state: quarantine });
  });

  it('changes nothing of an instance that is in quarantine already', async () => {
    const thing: Thing = { tags: {}, state: quarantine };
    await expect(run(instance, instance.repair, thing)).resolves.toEqual({ status: 'Success', changes: [] });
  });

  it('does not take the quarantine group beside others for a quarantine', async () => {
    const thing: Thing = { tags: {}, state: `${quarantine} ${own}` };
    await expect(run(instance, instance.repair, thing)).resolves.toEqual({ status: 'Failed', changes: [] });
  });
});

describe('sqs-dead-letters', () => {
  const queue = 'arn:aws:sqs:eu-central-1:123456789012:orders';
  const redrive: Bound = {
    ...table,
    folder: 'sqs-dead-letters',
    repair: 'redrive',
    undo: '',
    parameters: { QueueName: ['orders-dlq'], QueueArn: [`${queue}-dlq`] },
    answers: () => ({
      'sqs:GetQueueUrl': () => ({ QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders-dlq' }),
      'sqs:GetQueueAttributes': () => ({ Attributes: { ApproximateNumberOfMessages: '42' } }),
      'sqs:ListDeadLetterSourceQueues': () => ({
        queueUrls: ['https://sqs.eu-central-1.amazonaws.com/123456789012/orders'],
      }),
      'sqs:StartMessageMoveTask': () => ({ TaskHandle: 'ours' }),
      'sqs:ListMessageMoveTasks': () => ({ Results: [{ TaskHandle: 'theirs', Status: 'RUNNING' }] }),
    }),
  };
  const changed = async (broken?: string) => {
    const { status, changes } = await run(redrive, 'redrive', { tags: {}, state: '' }, broken ? { broken } : {});
    const told = changes.filter(({ service, operation }) => service === 'sqs' && !operation.startsWith('Get'));
    return { status, calls: told.map(({ operation, input }) => [operation, input]) };
  };
  const start = [
    'StartMessageMoveTask',
    { SourceArn: `${queue}-dlq`, DestinationArn: queue, MaxNumberOfMessagesPerSecond: 10 },
  ];

  it('cancels the move that it started where that does not end', async () => {
    const { status, calls } = await changed();
    expect(status).not.toBe('Success');
    expect(calls).toEqual([start, ['CancelMessageMoveTask', { TaskHandle: 'ours' }]]);
  });

  it('cancels no move where it could start none', async () => {
    await expect(changed('sqs:StartMessageMoveTask')).resolves.toEqual({ status: 'Failed', calls: [start] });
  });
});
