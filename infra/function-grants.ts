import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { GroupKind } from '../functions/domain/repair-group.ts';

/** What the grants below are about, as ARNs. */
export interface GrantTargets {
  readonly table: string;
  readonly slackSecret: string;
  /** None where Rundeck is no executor. */
  readonly rundeckSecrets: readonly string[];
  readonly topics: readonly string[];
  readonly integrationSecrets: readonly string[];
  readonly holdQueue: string;
  /** The `handsoff` bus. */
  readonly bus: string;
  readonly respond: string;
  readonly remediate: string;
  /** Runbooks that wait for a command of their own. */
  readonly commandMachines: readonly string[];
  /** Documents that only look, which `run-command` may send. */
  readonly lookingDocuments: readonly string[];
  /** Documents of the catalog that repair or undo, as automation definitions of any version. */
  readonly automationDefinitions: readonly string[];
  readonly automationRoles: readonly string[];
  /** Change calendars that have to be open. */
  readonly calendars: readonly string[];
  /** Kinds of groups of which some runbook repairs a share. */
  readonly groupKinds: readonly GroupKind[];
  /** `arn:…:ssm:region:account:` and the like. */
  readonly own: (service: string, resource: string) => string;
}

type Row = readonly [actions: readonly string[], resources: readonly string[], conditions?: Record<string, unknown>];

/**
 * What each function's role may do, and all it may do beside logs and traces. A grant that no scenario needs fails the
 * suite, so each line here is exercised. `*` stands only where AWS has no resource-level permission, or takes no less:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function functionGrants(name: string, targets: GrantTargets): PolicyStatement[] {
  const rows = table(targets)[name];
  if (!rows)
    throw new Error(`infra/function-grants.ts has no line for the function ${name}; add one, even an empty one.`);
  return rows.filter(([, resources]) => resources.length > 0).flatMap(statementsOf);
}

/**
 * A policy can be split between statements, not inside one, and has 6,144 characters: many runbooks make many statements.
 * Their names keep the CDK from merging them again. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const maxResources = 25;

function statementsOf([actions, resources, conditions]: Row): PolicyStatement[] {
  const given = { actions: [...actions], ...(conditions && { conditions }) };
  if (resources.length <= maxResources) return [new PolicyStatement({ ...given, resources: [...resources] })];
  const [, action = ''] = actions[0]?.split(':') ?? [];
  return Array.from({ length: Math.ceil(resources.length / maxResources) }, (_, index) => {
    const part = resources.slice(index * maxResources, (index + 1) * maxResources);
    return new PolicyStatement({ ...given, sid: `${action}${index + 1}`, resources: part });
  });
}

function table(t: GrantTargets): Readonly<Record<string, readonly Row[]>> {
  const items = (...actions: string[]): Row => [actions.map((action) => `dynamodb:${action}`), [t.table]];
  const succeed = (machines: readonly string[]): Row => [['states:SendTaskSuccess'], machines];
  const fail = (machines: readonly string[]): Row => [['states:SendTaskFailure'], machines];
  const parameters: Row = [['ssm:GetParameters'], [t.own('ssm', 'parameter/handsoff/*')]];
  // With anything narrower AWS tells of no composite alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
  const alarms: Row = [['cloudwatch:DescribeAlarms'], ['*']];
  const instances = t.own('ec2', 'instance/*');
  const automations = t.own('ssm', 'automation-execution/*');
  const groupReads: Readonly<Record<GroupKind, Row>> = {
    'auto-scaling-group': [
      ['autoscaling:DescribeAutoScalingInstances', 'autoscaling:DescribeAutoScalingGroups'],
      ['*'],
    ],
    'ecs-service': [['ecs:DescribeServices'], [t.own('ecs', 'service/*')]],
    'target-group': [['elasticloadbalancing:DescribeTargetHealth'], ['*']],
  };
  return {
    'triage-alert': [
      items('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
      [['sqs:SendMessage'], [t.holdQueue]],
    ],
    'release-alert': [
      [['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [t.holdQueue]],
      [['events:PutEvents'], [t.bus]],
    ],
    diagnose: [
      items('GetItem', 'PutItem', 'Query'),
      [
        ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances', 'ec2:DescribeVolumes', 'ec2:DescribeInstanceTypes'],
        ['*'],
      ],
      [['cloudwatch:GetMetricData', 'cloudtrail:LookupEvents', 'health:DescribeEvents'], ['*']],
      [['ecs:DescribeServices'], [t.own('ecs', 'service/*')]],
      // What a function or a task printed, and who changed a workload; no other log may be looked into. The results belong
      // to no log group.
      [
        ['logs:StartQuery'],
        ['/aws/lambda/*', '/ecs/*', '/aws/eks/*/cluster*'].map((name) => t.own('logs', `log-group:${name}`)),
      ],
      [['logs:GetQueryResults'], ['*']],
      [['ec2:GetConsoleOutput', 'ec2:DescribeInstanceAttribute'], [instances]],
    ],
    'run-command': [
      items('PutItem'),
      [['ssm:GetDocument'], t.lookingDocuments],
      [['ssm:SendCommand'], [...t.lookingDocuments, instances]],
    ],
    'guard-remediation': [
      items('GetItem', 'BatchGetItem', 'PutItem'),
      parameters,
      // What runs is compared with what was rehearsed.
      [['states:DescribeStateMachine'], [t.own('states', 'stateMachine:handsoff-intake')]],
      [['states:DescribeStateMachineForExecution'], [t.own('states', 'execution:handsoff-*')]],
      [['ssm:GetDocument'], [t.own('ssm', 'document/handsoff-*')]],
      [['ssm:GetCalendarState'], t.calendars],
      ...t.groupKinds.map((kind) => groupReads[kind]),
      // Whether an answer to a question could come in.
      [['secretsmanager:GetSecretValue'], [t.slackSecret]],
    ],
    'start-automation': [
      items('BatchGetItem', 'PutItem', 'DeleteItem'),
      parameters,
      // The execution it makes, and the document in both its spellings: AWS has asked for either.
      [['ssm:StartAutomationExecution'], [...t.automationDefinitions, automations]],
      [['iam:PassRole'], t.automationRoles, { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } }],
      [['ssm:GetAutomationExecution'], [automations]],
      [['ssm:GetDocument'], [t.own('ssm', 'document/handsoff-*')]],
      alarms,
      succeed([t.remediate]),
    ],
    'check-automation': [
      items('GetItem'),
      [['ssm:GetAutomationExecution', 'ssm:StopAutomationExecution'], [automations]],
    ],
    'await-signal': [items('GetItem', 'PutItem'), succeed([t.respond, t.remediate]), fail([t.remediate])],
    'complete-waits': [
      items('GetItem', 'BatchGetItem', 'DeleteItem'),
      succeed([t.respond, t.remediate, ...t.commandMachines]),
      // A repair whose question was refused or that cannot be proven, and a call that comes sooner.
      fail([t.respond, t.remediate]),
      [['ssm:GetAutomationExecution'], [automations]],
      [['ssm:GetCommandInvocation'], ['*']],
    ],
    'finish-remediation': [items('GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'), alarms],
    'call-person': [items('GetItem', 'PutItem')],
    'report-failed-execution': [
      items('GetItem', 'PutItem'),
      [['ssm:GetAutomationExecution', 'ssm:StopAutomationExecution'], [automations]],
    ],
    'call-rundeck': [[['secretsmanager:GetSecretValue'], t.rundeckSecrets]],
    'close-incident': [items('GetItem', 'PutItem', 'Query')],
    'tell-people': [
      items('PutItem', 'UpdateItem', 'Query'),
      [['sns:Publish'], t.topics],
      [['secretsmanager:GetSecretValue'], [t.slackSecret]],
    ],
    'receive-webhook': [
      items('GetItem', 'PutItem'),
      [['events:PutEvents'], [t.bus]],
      [['secretsmanager:GetSecretValue'], t.integrationSecrets],
    ],
    'receive-interaction': [items('GetItem', 'PutItem'), [['secretsmanager:GetSecretValue'], [t.slackSecret]]],
  };
}
