import type { Assembly } from '../assembly/assembly.ts';
import type { Resource } from '../assembly/resource.ts';
import type { Authorize, RequiredGrant } from '../aws.ts';
import { arnOf, objectsAt, textAt, valueAt } from './fields.ts';

/** What decides about roles while the stacks are brought up. */
export interface RoleAuthority {
  readonly canAssume: (roleArn: string, service: string, context: { readonly sourceArn: string }) => void;
  readonly authorize: Authorize;
}

/** Step Functions checks these when a machine with logging is made: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const logDeliveryActions = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

/** https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
const traceActions = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html */
const machineTraceActions = [...traceActions, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'];

/**
 * Checks that each service may take on the role it is given, and that what is logged and traced can be. Throws
 * `AccessDeniedError`. AWS would run a function that may not write its logs, and leave it blind: here that is refused.
 */
export function verifyRoles(assembly: Assembly, authority: RoleAuthority): void {
  for (const lambda of assembly.ofType('AWS::Lambda::Function')) verifyFunction(assembly, lambda, authority);
  for (const machine of assembly.ofType('AWS::StepFunctions::StateMachine')) verifyMachine(machine, authority);
  for (const rule of assembly.ofType('AWS::Events::Rule')) verifyRule(rule, authority);
}

function verifyFunction(assembly: Assembly, lambda: Resource, { canAssume, authorize }: RoleAuthority): void {
  const role = textAt(lambda, 'Role') ?? '';
  canAssume(role, 'lambda.amazonaws.com', { sourceArn: arnOf(lambda) });
  const logGroup = textAt(lambda, 'LoggingConfig.LogGroup') ?? `/aws/lambda/${lambda.physicalId}`;
  const stream = `arn:aws:logs:${assembly.region}:${assembly.account}:log-group:${logGroup}:log-stream:sandbox`;
  authorize({ kind: 'role', arn: role }, [
    { action: 'logs:CreateLogStream', resource: stream },
    { action: 'logs:PutLogEvents', resource: stream },
  ]);
  if (textAt(lambda, 'TracingConfig.Mode') === 'Active') authorize({ kind: 'role', arn: role }, onAll(traceActions));
}

function verifyMachine(machine: Resource, { canAssume, authorize }: RoleAuthority): void {
  const role = textAt(machine, 'RoleArn') ?? '';
  canAssume(role, 'states.amazonaws.com', { sourceArn: arnOf(machine) });
  const logs = (textAt(machine, 'LoggingConfiguration.Level') ?? 'OFF') !== 'OFF';
  if (logs) authorize({ kind: 'role', arn: role }, onAll(logDeliveryActions));
  const traces = valueAt(machine, 'TracingConfiguration.Enabled') === true;
  if (traces) authorize({ kind: 'role', arn: role }, onAll(machineTraceActions));
}

function verifyRule(rule: Resource, { canAssume }: RoleAuthority): void {
  for (const target of objectsAt(rule, 'Targets')) {
    const role = textAt(target, 'RoleArn');
    if (role) canAssume(role, 'events.amazonaws.com', { sourceArn: arnOf(rule) });
  }
}

function onAll(actions: readonly string[]): RequiredGrant[] {
  return actions.map((action) => ({ action, resource: '*' }));
}
