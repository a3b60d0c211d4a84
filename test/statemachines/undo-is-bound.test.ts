import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AwsCall } from '../../sandbox/aws.ts';
import { automationSchema } from '../../sandbox/ssm/document-schema.ts';
import { runPython } from '../../sandbox/world/run-python.ts';
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
  /** Notes for the very alert that the repair cannot have written, each with the state that it is found in. */
  readonly forged: readonly (readonly [note: string, state: string])[];
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
  before: '200:101',
  after: '200:152',
  change: 'dynamodb:UpdateTable',
  somebodyElses: '200:400',
  oldNote: { 'handsoff-capacity-before': '20:20' },
  forged: [
    [`${since} from 1:1 to 300:100`, '300:100'],
    [`${since} from 200:0 to 200:0`, '200:0'],
    [`${since} from 200:66 to 200:100`, '200:100'],
    [`${since} from 133:100 to 200:100`, '200:100'],
    [`${since} from 133:101 to 200:152`, '200:152'],
    [`${since} from 200:1400 to 200:2100`, '200:2100'],
    [`${since} from 200:101`, '200:152'],
  ],
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
const groupArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/checkout/73e2d6bc24d8a067';
const deregistered = (id: string, port: number, more: object = {}, targetGroupArn = groupArn) =>
  JSON.stringify({ eventID: 'e-1', requestParameters: { targetGroupArn, targets: [{ id, port }] }, ...more });
const group: Bound = {
  folder: 'alb-bad-target',
  repair: 'deregister-target',
  undo: 'register-target',
  parameters: {
    TargetGroupArn: [groupArn],
    Since: [since],
  },
  another,
  before: 'i-3:8080 unhealthy',
  after: 'i-3:8080 draining',
  change: 'elastic-load-balancing-v2:DeregisterTargets',
  // What is registered already is registered again.
  somebodyElses: '',
  oldNote: { 'handsoff-deregistered': 'i-9:8080' },
  forged: [
    [`${since} i-0bad:22`, 'i-3:8080 draining'],
    [`${since} i-3:22`, 'i-3:8080 draining'],
    // Taken out of another group, and a call that was refused.
    [`${since} i-0bad1:8080`, 'i-3:8080 draining'],
    [`${since} i-0bad2:8080`, 'i-3:8080 draining'],
    [`${since} 10.0.0.1:8080`, 'i-3:8080 draining'],
    [`${since} i-3`, 'i-3:8080 draining'],
  ],
  answers: (thing) => {
    const set = (state: string) => (input: { Targets: { Id: string; Port: number }[] }) => {
      thing.state = `${input.Targets.map(({ Id, Port }) => `${Id}:${Port}`).join(' ')} ${state}`;
      return {};
    };
    return {
      'elastic-load-balancing-v2:DescribeTargetGroups': () => ({ TargetGroups: [{ TargetType: 'instance' }] }),
      'elastic-load-balancing-v2:DescribeTargetGroupAttributes': () => ({
        Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
      }),
      'elastic-load-balancing-v2:DescribeTargetHealth': ({ Targets }: { Targets?: { Id: string; Port: number }[] }) => {
        const bad = { Target: { Id: 'i-3', Port: 8080 }, TargetHealth: { State: thing.state.split(' ')[1] } };
        const [asked] = Targets ?? [];
        if (!asked) return { TargetHealthDescriptions: [good('i-1'), good('i-2'), bad] };
        const isBad = asked.Id === 'i-3' && asked.Port === 8080;
        const none = { Target: asked, TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } };
        return { TargetHealthDescriptions: [isBad ? bad : none] };
      },
      'cloudtrail:LookupEvents': () => ({
        Events: [
          { CloudTrailEvent: deregistered('i-0bad1', 8080, {}, groupArn.replace('checkout', 'orders')) },
          { CloudTrailEvent: deregistered('i-0bad2', 8080, { errorCode: 'AccessDenied' }) },
          { CloudTrailEvent: deregistered('i-3', 8080) },
        ],
      }),
      'elastic-load-balancing-v2:DescribeTags': () => ({ TagDescriptions: [{ Tags: tagged(thing) }] }),
      'elastic-load-balancing-v2:AddTags': setTags(thing),
      'elastic-load-balancing-v2:RemoveTags': removeTags(thing),
      'elastic-load-balancing-v2:DeregisterTargets': set('draining'),
      'elastic-load-balancing-v2:RegisterTargets': set('unhealthy'),
    };
  },
};

const lambda: Bound = {
  folder: 'lambda-throttled',
  repair: 'raise-concurrency',
  undo: 'restore-concurrency',
  parameters: { FunctionArn: ['arn:aws:lambda:eu-central-1:123456789012:function:orders'], Since: [since] },
  another,
  before: '21',
  after: '32',
  change: 'lambda:PutFunctionConcurrency',
  somebodyElses: '50',
  oldNote: { 'handsoff-raised': 'from 20 to 30' },
  forged: [
    [`${since} from 0 to 150`, '150'],
    [`${since} from 0 to 0`, '0'],
    [`${since} from 1 to 150`, '150'],
    [`${since} from 149 to 150`, '150'],
    [`${since} from 400 to 600`, '600'],
    [`${since} from 21`, '32'],
  ],
  answers: (thing) => ({
    'lambda:GetFunctionConcurrency': () => ({ ReservedConcurrentExecutions: Number(thing.state) }),
    'lambda:GetAccountSettings': () => ({
      AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 600 },
    }),
    'cloudwatch:GetMetricStatistics': () => ({ Datapoints: [{ Maximum: 240 }] }),
    'lambda:ListTags': () => ({ Tags: { ...thing.tags } }),
    'lambda:TagResource': ({ Tags }: { Tags: Record<string, string> }) => {
      Object.assign(thing.tags, Tags);
      return {};
    },
    'lambda:PutFunctionConcurrency': (input: { ReservedConcurrentExecutions: number }) => {
      thing.state = String(input.ReservedConcurrentExecutions);
      return {};
    },
  }),
};

const things = [table, group, lambda];
const changes = (calls: readonly AwsCall[]) =>
  calls.filter(({ operation }) => !/^(Describe|Get|List|Lookup)/.test(operation));

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
  const [execution] = ssm.automationExecutions();
  return { status: execution?.status, changes: changes(calls), said: execution?.failureMessage };
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

  it.each(bound.forged)('takes back nothing by a note that it cannot have written: %s, at %s', async (note, state) => {
    const thing = aThing({ [Object.keys(bound.oldNote).join()]: note }, state);
    await expect(run(bound, bound.undo, thing)).resolves.toMatchObject({
      status: 'Failed',
      changes: [],
      said: expect.stringContaining('the note does not say what Handsoff can have done'),
    });
    expect(thing.state).toBe(state);
  });

  if (bound.somebodyElses === '') return;
  it('stops where somebody else has changed it since', async () => {
    const thing = aThing();
    await run(bound, bound.repair, thing);
    thing.state = bound.somebodyElses;
    await expect(run(bound, bound.undo, thing)).resolves.toMatchObject({ status: 'Failed', changes: [] });
  });
});

describe('lambda-throttled', () => {
  it.each([
    ['1', '2'],
    ['199', '299'],
    ['201', '301'],
    ['400', '500'],
  ])('takes back a raise of %s to %s', async (before, after) => {
    const thing: Thing = { tags: {}, state: before };
    await run(lambda, lambda.repair, thing);
    expect(thing.state).toBe(after);
    await expect(run(lambda, lambda.undo, thing)).resolves.toMatchObject({ status: 'Success' });
    expect(thing.state).toBe(before);
  });
});

describe('dynamodb-throttled', () => {
  it.each([
    ['1:5', '2:5'],
    ['1333:2500', '2000:2500'],
  ])('takes back a raise of the reads of %s to %s', async (before, after) => {
    const reads: Bound = { ...table, parameters: { ...table.parameters, Metric: ['ReadThrottleEvents'] } };
    const thing: Thing = { tags: {}, state: before };
    await run(reads, reads.repair, thing);
    expect(thing.state).toBe(after);
    await expect(run(reads, reads.undo, thing)).resolves.toMatchObject({ status: 'Success' });
    expect(thing.state).toBe(before);
  });
});

describe('dynamodb-throttled, on a table that takes its time', () => {
  it.each(['ReadThrottleEvents', 'WriteThrottleEvents'])(
    'forgets what it noted for %s only once the table is lowered',
    async (metric) => {
      const read = metric.startsWith('Read');
      const [before, after] = read ? ['101:200', '152:200'] : ['200:101', '200:152'];
      const thing: Thing = {
        tags: { 'handsoff-capacity-before': `${since} from ${before} to ${after}` },
        state: after,
      };
      let wanted = after;
      let looks = 0;
      let forgottenAt = '';
      const answers = table.answers(thing);
      const slow: Bound = {
        ...table,
        parameters: { ...table.parameters, Metric: [metric] },
        answers: () => ({
          ...answers,
          'dynamodb:DescribeTable': (input) => {
            if (wanted !== thing.state && ++looks > 2) thing.state = wanted;
            return answers['dynamodb:DescribeTable']?.(input) ?? {};
          },
          'dynamodb:UpdateTable': ({
            ProvisionedThroughput: set,
          }: {
            ProvisionedThroughput: Record<string, number>;
          }) => {
            wanted = `${set['ReadCapacityUnits']}:${set['WriteCapacityUnits']}`;
            return {};
          },
          'dynamodb:UntagResource': (input) => {
            forgottenAt = thing.state;
            return answers['dynamodb:UntagResource']?.(input) ?? {};
          },
        }),
      };
      await expect(run(slow, slow.undo, thing)).resolves.toMatchObject({ status: 'Success' });
      expect(forgottenAt).toBe(before);
    },
  );
});

describe('alb-bad-target', () => {
  const note = { 'handsoff-deregistered': `${since} i-3:8080` };

  it.each(['initial', 'healthy', 'unhealthy', 'unhealthy.draining', 'draining'])(
    'registers a target that is %s without asking CloudTrail, which is minutes late',
    async (state) => {
      const thing: Thing = { tags: { ...note }, state: `i-3:8080 ${state}` };
      const undone = run(group, group.undo, thing, { broken: 'cloudtrail:LookupEvents' });
      await expect(undone).resolves.toMatchObject({ status: 'Success' });
    },
  );

  it('registers a target that has drained, where CloudTrail shows that it was taken out since the alert', async () => {
    const thing: Thing = { tags: { ...note }, state: 'i-3:8080 unused' };
    await expect(run(group, group.undo, thing)).resolves.toMatchObject({ status: 'Success' });
    expect(thing).toEqual({ tags: {}, state: group.before });
  });
});

/** Runs one script of a document by itself. */
async function runScript(path: string, step: string, input: Record<string, unknown>) {
  const url = new URL(`../../statemachines/runbooks/${path}.automation.yaml`, import.meta.url);
  const { mainSteps } = automationSchema.parse(parse(readFileSync(url, 'utf8')));
  const inputs = mainSteps.find(({ name }) => name === step)?.inputs ?? {};
  const [script, handler] = [String(inputs['Script']), String(inputs['Handler'])];
  const request = { documentName: path, step, runtime: 'python3.11', handler, script, input, timeoutSeconds: 10 };
  return (await runPython({ run: 'real' }, request)).outcome;
}

describe.each(['move-back', 'move-forward'])('lambda-errors-after-deploy, %s', (document) => {
  const own = 'arn:aws:lambda:eu-central-1:123456789012:function:checkout';
  const foreign = own.replace('123456789012', '999999999999');
  const moved = (functionVersion: string, functionName: string) =>
    JSON.stringify({ eventID: functionVersion, requestParameters: { name: 'live', functionName, functionVersion } });
  const choose = (names: readonly [string, string][]) =>
    runScript(`lambda-errors-after-deploy/${document}`, 'ChooseVersion', {
      function: own,
      resource: 'checkout:live',
      events: names.map(([version, name]) => moved(version, name)),
      aliases: [{ Name: 'live', FunctionVersion: '9', RevisionId: 'r' }],
    });

  it.each([foreign, foreign.slice('arn:aws:lambda:eu-central-1:'.length), 'new-checkout', ''])(
    'counts no move of %s',
    async (other) => {
      const outcome = await choose([
        ['1', other],
        ['9', own],
        ['2', other],
        ['8', own],
      ]);
      expect(outcome).toMatchObject({ value: { Version: document === 'move-back' ? '8' : '9' } });
    },
  );

  it.each([own, own.slice('arn:aws:lambda:eu-central-1:'.length), 'checkout'])('counts a move of %s', async (name) => {
    const outcome = await choose([
      ['9', name],
      ['8', name],
    ]);
    expect(outcome).toMatchObject({ value: { Version: document === 'move-back' ? '8' : '9' } });
  });
});

describe('a Boolean that Systems Manager hands over as text', () => {
  const zone = { Id: '/hostedzone/Z1', Name: 'example.com.' };
  const record = { Type: 'CNAME', Name: '_a.example.com.', Value: '_b.acm-validations.aws.' };
  const chooseZone = (isTruncated: unknown) =>
    runScript('certificate-expiring/create-validation-record', 'ChooseZone', {
      renewal: 'PENDING_VALIDATION',
      domains: [{ DomainName: 'example.com', ResourceRecord: record }],
      zones: [zone],
      isTruncated,
    });

  it.each([false, 'false', 'False'])('is read as no: %j', async (no) => {
    await expect(chooseZone(no)).resolves.toMatchObject({ value: { ZoneId: 'Z1' } });
    await expect(checkInstance(no)).resolves.toMatchObject({ value: { Protected: 'false' } });
  });

  it.each([true, 'true', 'True'])('is read as yes: %j', async (yes) => {
    await expect(chooseZone(yes)).resolves.toEqual({ error: expect.stringContaining('more zones than were read') });
    await expect(checkInstance(yes)).resolves.toMatchObject({ value: { Protected: 'true' } });
  });

  const checkInstance = (isProtected: unknown) =>
    runScript('guardduty-instance-compromised/isolate-instance', 'AssertReady', {
      interfaces: ['eni-1'],
      groups: ['sg-1'],
      quarantine: [{ GroupId: 'sg-2' }],
      members: [],
      tags: [],
      isProtected,
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
        const Tags = Object.entries({ handsoff: 'act', ...thing.tags }).map(([Key, Value]) => ({ Key, Value }));
        const of = { VpcId: 'vpc-1', SecurityGroups, NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }], Tags };
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
    await expect(run(instance, instance.repair, thing)).resolves.toMatchObject({ status: 'Failed', changes: [] });
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
  const start = ['StartMessageMoveTask', { SourceArn: `${queue}-dlq`, MaxNumberOfMessagesPerSecond: 10 }];

  it('cancels the move that it started where that does not end', async () => {
    const { status, calls } = await changed();
    expect(status).not.toBe('Success');
    expect(calls).toEqual([start, ['CancelMessageMoveTask', { TaskHandle: 'ours' }]]);
  });

  it('cancels no move where it could start none', async () => {
    await expect(changed('sqs:StartMessageMoveTask')).resolves.toEqual({ status: 'Failed', calls: [start] });
  });
});
