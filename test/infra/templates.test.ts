import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { selfTest, selfTestSeenBy } from '../../functions/domain/self-test.ts';
import { testAssembly } from '../support/stage.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string | readonly string[];
}
type Resources = Readonly<Record<string, Resource>>;

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
/** API Gateway has these metrics for each API alone. */
const ofTheApi = { Namespace: 'AWS/ApiGateway', Dimensions: [{ Name: 'ApiId', Value: expect.anything() }] };
let stateful: Resources;
let stateless: Resources;

beforeAll(() => {
  const read = (name: string): Resources =>
    JSON.parse(readFileSync(join(testAssembly, `${name}.template.json`), 'utf8')).Resources;
  stateful = read('handsoff-stateful');
  stateless = read('handsoff');
});

function ofType(resources: Resources, type: string): [string, Readonly<Record<string, unknown>>][] {
  return Object.entries(resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties]);
}

function alarmCalled(name: string): Readonly<Record<string, unknown>> | undefined {
  return ofType(stateless, 'AWS::CloudWatch::Alarm').find(
    ([, alarm]) => alarm['AlarmName'] === `handsoff-${name}`,
  )?.[1];
}

const everything = (): Resources => ({ ...stateful, ...stateless });

interface Named {
  readonly MetricName: string;
}

interface Dimensioned {
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
}

/** Every statement that any role holds, by the logical id of its policy: what is too long for one goes on in a managed policy. */
function grants(): { policy: string; actions: readonly string[]; resource: string }[] {
  const managed = ofType(everything(), 'AWS::IAM::ManagedPolicy').filter(([, { Roles }]) => Roles !== undefined);
  return [...ofType(everything(), 'AWS::IAM::Policy'), ...managed].flatMap(([policy, { PolicyDocument }]) =>
    (PolicyDocument as { Statement: Statement[] }).Statement.filter(({ Effect }) => Effect === 'Allow').map(
      ({ Action, Resource }) => ({ policy, actions: [Action].flat(), resource: JSON.stringify(Resource) }),
    ),
  );
}

function holdersOf(action: string): string[] {
  return [
    ...new Set(
      grants()
        .filter(({ actions }) => actions.includes(action))
        .map(({ policy }) => policy),
    ),
  ];
}

it('gives SSM every document as a text: of an object CloudFormation would spell numbers and booleans as texts', () => {
  const documents = ofType(stateless, 'AWS::SSM::Document');
  expect(documents.length).toBeGreaterThan(20);
  for (const [, { Content: content, DocumentFormat: format }] of documents) {
    expect(format).toBe('YAML');
    expect(JSON.parse(String(content))).toMatchObject({ schemaVersion: expect.any(String) });
  }
});

it('lets what is held for hours go round, and nothing else', () => {
  const looping = ofType(stateless, 'AWS::Lambda::Function').filter(([, { RecursiveLoop: loop }]) => loop === 'Allow');
  expect(looping.map(([, { FunctionName: name }]) => name)).toEqual(['handsoff-release-alert']);
});

describe('the stacks', () => {
  it('spend no white space on definitions, of which a template has to hold many', () => {
    const machines = ofType(stateless, 'AWS::StepFunctions::StateMachine');
    expect(machines.length).toBeGreaterThan(10);
    for (const [id, { DefinitionString: text }] of machines)
      expect(JSON.stringify(JSON.parse(String(text))), id).toBe(text);
  });

  it('keep incidents: on demand, restorable, expiring, and not deleted by mistake', () => {
    const [[, table] = ['', {}]] = ofType(stateful, 'AWS::DynamoDB::Table');
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires_at_epoch', Enabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  it('are not deleted by mistake where incidents, secrets and the bus are', () => {
    const { artifacts } = JSON.parse(readFileSync(join(testAssembly, 'manifest.json'), 'utf8'));
    expect(artifacts['handsoff-stateful'].properties.terminationProtection).toBe(true);
  });

  it('archive what comes over the bus for 30 days', () => {
    expect(ofType(stateful, 'AWS::Events::Archive')).toEqual([
      [expect.any(String), expect.objectContaining({ ArchiveName: 'handsoff', RetentionDays: 30 })],
    ]);
  });

  it('name no account and no Region', () => {
    const text = JSON.stringify(everything());
    expect(text).not.toMatch(/[^0-9a-f]\d{12}[^0-9a-f]/);
    expect(text).not.toMatch(/\b(?:us|eu|ap|sa|ca|me|af)-(?:north|south|east|west|central)[a-z]*-\d\b/);
  });

  it('hold no secret by its value', () => {
    for (const [, secret] of ofType(stateful, 'AWS::SecretsManager::Secret'))
      expect(secret).not.toHaveProperty('SecretString');
  });

  // CloudFormation deletes nothing that another stack imports: what the configuration may take out again must not be.
  it('tie one stack to the other by nothing but the table, the bus and the secret of Slack', () => {
    const imports = JSON.stringify(stateless).matchAll(
      /"Fn::ImportValue":"handsoff-stateful:ExportsOutput\w*?(?:Ref|Att)(\w+?)[0-9A-F]{8}/g,
    );
    expect(new Set([...imports].map(([, name]) => name))).toEqual(new Set(['IncidentTable', 'Bus', 'SlackSecret']));
  });

  it('try every target again, and keep what could not be delivered', () => {
    const rules = ofType(stateless, 'AWS::Events::Rule');
    expect(rules.length).toBeGreaterThan(5);
    for (const [id, { Targets }] of rules) {
      for (const target of Targets as object[]) {
        expect(target, id).toMatchObject({
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 3600 },
          DeadLetterConfig: { Arn: expect.anything() },
        });
      }
    }
  });

  it('try five times to send back an alert that waited, and keep what could not be', () => {
    const held = ofType(stateless, 'AWS::SQS::Queue').filter(([, { RedrivePolicy }]) => RedrivePolicy !== undefined);
    expect(held).toEqual([
      [
        expect.any(String),
        expect.objectContaining({
          QueueName: 'handsoff-held-alerts',
          RedrivePolicy: { deadLetterTargetArn: expect.anything(), maxReceiveCount: 5 },
        }),
      ],
    ]);
  });

  it('read every line of the table from the oldest on, and try again only what failed, for an hour', () => {
    const readers = ofType(stateless, 'AWS::Lambda::EventSourceMapping').filter(([, { EventSourceArn }]) =>
      JSON.stringify(EventSourceArn).includes('StreamArn'),
    );
    for (const [id, reader] of readers) {
      expect(reader, id).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRecordAgeInSeconds: 3600,
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
    }
    expect(readers).toHaveLength(2);
  });

  it('hold back whoever calls the HTTP API without an end, and log every call', () => {
    for (const [id, stage] of ofType(stateless, 'AWS::ApiGatewayV2::Stage')) {
      expect(stage, id).toMatchObject({
        DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
        AccessLogSettings: { DestinationArn: expect.anything() },
      });
    }
    expect(ofType(stateless, 'AWS::ApiGatewayV2::Stage')).toHaveLength(1);
  });

  it('tell people of whatever comes into a queue that should stay empty, sent there or moved by a redrive policy', () => {
    const ofQueue = (id: string) =>
      ofType(stateless, 'AWS::CloudWatch::Alarm').filter(([, alarm]) =>
        JSON.stringify([alarm['Metrics']]).includes(`"${id}"`),
      );
    for (const [id, { RedrivePolicy }] of ofType(stateless, 'AWS::SQS::Queue')) {
      if (RedrivePolicy) continue;
      const [[, alarm] = ['', {}], ...others] = ofQueue(id);
      expect(others, id).toEqual([]);
      const metrics = alarm['Metrics'] as { Id: string; Expression?: string; MetricStat?: { Metric: Named } }[];
      expect(Object.fromEntries(metrics.map(({ Id, MetricStat }) => [Id, MetricStat?.Metric.MetricName])), id).toEqual({
        expr_1: undefined,
        sent: 'NumberOfMessagesSent',
        visible: 'ApproximateNumberOfMessagesVisible',
        flight: 'ApproximateNumberOfMessagesNotVisible',
      });
      expect(metrics.find(({ Id }) => Id === 'expr_1')?.Expression, id).toBe(
        '(FILL(sent, 0) > 0) OR (DIFF(FILL(visible, 0) + FILL(flight, 0)) > 0)',
      );
      expect(alarm, id).toMatchObject({
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        EvaluationPeriods: 15,
        DatapointsToAlarm: 1,
        TreatMissingData: 'notBreaching',
      });
    }
  });

  it('try themselves regularly', () => {
    const [[, rule] = ['', {}], ...others] = ofType(stateless, 'AWS::Events::Rule').filter(
      ([, { ScheduleExpression }]) => ScheduleExpression !== undefined,
    );
    expect(others).toEqual([]);
    expect(rule).toMatchObject({
      Name: selfTest.rule,
      ScheduleExpression: `rate(${selfTest.everyMinutes} minutes)`,
      State: 'ENABLED',
    });
    expect(JSON.stringify(rule['Targets'])).toContain('intake');
  });

  it.each([
    ['self-test-missing', selfTest.reason],
    ['tell-people-stopped', selfTestSeenBy('tell-people')],
    ['complete-waits-stopped', selfTestSeenBy('complete-waits')],
  ])('take silence for an alarm where nothing else would be heard: %s', (name, metric) => {
    expect(alarmCalled(name)).toMatchObject({
      Namespace: 'Handsoff',
      MetricName: metric,
      Dimensions: [{ Name: 'service', Value: 'handsoff' }],
      Statistic: 'Sum',
      Period: selfTest.everyMinutes * 60,
      EvaluationPeriods: 2,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });

  it.each([
    ['tell-people-throttled', { Namespace: 'AWS/Lambda', MetricName: 'Throttles', Threshold: 0, Period: 60 }],
    ['complete-waits-throttled', { Namespace: 'AWS/Lambda', MetricName: 'Throttles', Threshold: 0, Period: 60 }],
    [
      'held-alerts-late',
      { Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Statistic: 'Maximum', Threshold: 1800 },
    ],
    ['api-failing', { ...ofTheApi, MetricName: '5xx', Statistic: 'Sum', Threshold: 0, Period: 60 }],
    ['api-flooded', { ...ofTheApi, MetricName: 'Count', Statistic: 'Sum', Threshold: 30_000, Period: 300 }],
    ['high-urgency-undelivered', { Namespace: 'AWS/SNS', MetricName: 'NumberOfNotificationsFailed', Threshold: 0 }],
    ['low-urgency-undelivered', { Namespace: 'AWS/SNS', MetricName: 'NumberOfNotificationsFailed', Threshold: 0 }],
    ['webhook-too-large', { Namespace: 'Handsoff', MetricName: 'webhook-too-large', Threshold: 0, Period: 60 }],
  ])('tell people of what stands still without failing: %s', (name, expected) => {
    expect(alarmCalled(name)).toMatchObject({ ...expected, ComparisonOperator: 'GreaterThanThreshold' });
  });

  it('are just those alarms that the operations guide says what to do about', () => {
    const guide = readFileSync(join(projectRoot, 'docs/operations.md'), 'utf8');
    const [, table = ''] = /\| alarm `handsoff-…` \|[^\n]*\n\|---\|---\|\n([\s\S]*?)\n\n/.exec(guide) ?? [];
    const explained = table.split('\n').flatMap((row) => {
      const names = [...(row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);
      const common = names[0]?.replace(/-\w+$/, '') ?? '';
      return names.map((name) => `handsoff-${name.startsWith('-') ? common : ''}${name}`);
    });
    const alarms = ofType(stateless, 'AWS::CloudWatch::Alarm').map(([, { AlarmName }]) => String(AlarmName));
    expect(alarms.toSorted()).toEqual(explained.toSorted());
  });

  it('send every alarm on Handsoff itself to people, and not through Handsoff', () => {
    for (const [id, { AlarmActions, AlarmName }] of ofType(stateless, 'AWS::CloudWatch::Alarm')) {
      expect(JSON.stringify(AlarmActions), id).toContain('TopicsHigh');
      expect(AlarmName, id).toMatch(/^handsoff-/);
    }
  });

  it('tell people of what a rule can neither deliver nor keep, whichever rule it is', () => {
    const alarms = ofType(stateless, 'AWS::CloudWatch::Alarm')
      .map(([, alarm]) => alarm)
      .filter(({ AlarmName: name }) => /^handsoff-events-lost-\d$/.test(String(name)));
    const metrics = alarms.flatMap(({ Metrics: list }) => list as { MetricStat?: { Metric: Named & Dimensioned } }[]);
    const watched = metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
    expect(new Set(watched.map(({ MetricName: name }) => name))).toEqual(new Set(['InvocationsFailedToBeSentToDlq']));
    const named = watched.map(({ Dimensions: dimensions }) =>
      Object.fromEntries(dimensions.map(({ Name: name, Value: value }) => [name, value])),
    );
    const rules = ofType(stateless, 'AWS::Events::Rule').map(([, { Name: RuleName, EventBusName }]) => ({
      RuleName,
      ...(EventBusName !== undefined && { EventBusName }),
    }));
    expect(named).toEqual(expect.arrayContaining(rules));
    expect(named).toHaveLength(rules.length);
    for (const { Metrics: list } of alarms) expect((list as object[]).length).toBeLessThanOrEqual(11);
  });

  it.each(['high-urgency-undelivered', 'self-test-missing', 'tell-people-stopped'])(
    'say on the other topic too what people may not hear on the one of high urgency: %s',
    (name) => {
      expect(JSON.stringify(alarmCalled(name)?.['AlarmActions'])).toMatch(/TopicsHigh.*TopicsLow/);
    },
  );

  it('tell people directly when an execution ends badly', () => {
    const failures = ofType(stateless, 'AWS::Events::Rule').filter(([, { EventPattern }]) =>
      JSON.stringify([EventPattern]).includes('"TIMED_OUT"'),
    );
    const targets = JSON.stringify(failures.map(([, { Targets }]) => Targets));
    expect(failures).toHaveLength(2);
    expect(targets).toContain('TopicsHigh');
    expect(targets).toContain('TopicsLow');
    const machines = JSON.stringify(failures.map(([, { EventPattern }]) => EventPattern));
    const standard = ofType(stateless, 'AWS::StepFunctions::StateMachine').filter(
      ([, { StateMachineType }]) => StateMachineType === 'STANDARD',
    );
    const others = standard.filter(
      ([, { StateMachineName }]) => !String(StateMachineName).startsWith('handsoff-runbook-'),
    );
    expect(others.length).toBeGreaterThan(1);
    for (const [id] of others) expect(machines).toContain(id);
    // Every runbook by its prefix: named one by one they would soon be too many for one pattern.
    expect(standard.length - others.length).toBeGreaterThan(2);
    expect(machines).toMatch(/"prefix":.*:stateMachine:handsoff-runbook-"/);
  });

  it('keep logs for a time, and trace every function and machine', () => {
    for (const [id, { RetentionInDays }] of ofType(everything(), 'AWS::Logs::LogGroup'))
      expect(RetentionInDays, id).toBeGreaterThan(0);
    for (const [id, { TracingConfig }] of ofType(stateless, 'AWS::Lambda::Function'))
      expect(TracingConfig, id).toEqual({ Mode: 'Active' });
    for (const [id, { TracingConfiguration, LoggingConfiguration }] of ofType(
      stateless,
      'AWS::StepFunctions::StateMachine',
    )) {
      expect(TracingConfiguration, id).toEqual({ Enabled: true });
      expect(LoggingConfiguration, id).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    }
  });

  it('let one function start an automation, and hand a role to SSM', () => {
    expect(holdersOf('ssm:StartAutomationExecution')).toEqual([expect.stringMatching(/^startautomation/)]);
    expect(holdersOf('iam:PassRole')).toEqual([expect.stringMatching(/^startautomation/)]);
  });

  it('let only remediate invoke that function', () => {
    const callers = grants().filter(
      ({ actions, resource }) =>
        actions.includes('lambda:InvokeFunction') && resource.includes('handsoff-start-automation'),
    );
    expect(callers.map(({ policy }) => policy)).toEqual([expect.stringMatching(/^remediate/)]);
  });

  it('grant no action by a wildcard', () => {
    expect(grants().flatMap(({ actions }) => actions.filter((action) => action.includes('*')))).toEqual([]);
  });

  it('lets no role of a runbook change anything but by remediate', () => {
    const ofRunbooks = grants().filter(({ policy }) => /^Runbooks.*RunbookRole/.test(policy));
    expect(ofRunbooks.length).toBeGreaterThan(0);
    const allowed =
      /^(lambda:InvokeFunction|states:(StartExecution|DescribeExecution|StopExecution)|events:(PutTargets|PutRule|DescribeRule)|logs:\w+|xray:\w+|[\w-]+:(Describe|Get|List|Lookup)\w+)$/;
    expect(ofRunbooks.flatMap(({ actions }) => actions.filter((action) => !allowed.test(action)))).toEqual([]);
  });

  it('never writes a kill switch again: nothing about it may change from one deployment to the next', () => {
    const switches = ofType(stateless, 'AWS::SSM::Parameter').filter(([, { Name }]) =>
      String(Name).includes('kill-switch'),
    );
    expect(switches.length).toBeGreaterThan(1);
    for (const [, properties] of switches) {
      expect(Object.keys(properties).sort()).toEqual(['Description', 'Name', 'Type', 'Value']);
      expect(properties['Value']).toBe('off');
      expect(properties['Description']).toMatch(/^on: /);
    }
  });

  it('has everything ready before the first event may come', () => {
    const rules = ofType(stateless, 'AWS::Events::Rule').map(([id]) => id);
    expect(rules.length).toBeGreaterThan(5);
    const needed = Object.entries(stateless)
      .filter(([, { Type }]) => readyBeforeRules.has(Type))
      .map(([id]) => id);
    expect(needed.length).toBeGreaterThan(100);
    for (const rule of rules) {
      const before = allBefore(rule);
      expect(
        needed.filter((id) => !before.has(id)),
        rule,
      ).toEqual([]);
    }
  });
});

/** What an event may need on its way, by what CloudFormation calls it. */
const readyBeforeRules = new Set([
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
  'AWS::StepFunctions::StateMachine',
  'AWS::SSM::Document',
  'AWS::SSM::Parameter',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
]);

/** Every resource that CloudFormation makes before this one, by what they name of each other. */
function allBefore(id: string, found = new Set<string>()): ReadonlySet<string> {
  const { DependsOn: dependsOn = [], Properties: properties } = stateless[id] ?? { Properties: {} };
  const named = JSON.stringify(properties).matchAll(/"(?:Ref":"|Fn::GetAtt":\["|[^"]*\$\{)(\w+)/g);
  for (const next of [...[dependsOn].flat(), ...[...named].map(([, name = '']) => name)]) {
    if (found.has(next) || !stateless[next]) continue;
    found.add(next);
    allBefore(next, found);
  }
  return found;
}
