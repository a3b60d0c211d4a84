import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { isRead, readResourceOf } from './automation/aws-calls.ts';

/** Every wildcard that a role of Handsoff may hold, and why it cannot be narrower. Any other fails the synthesis. */
const reasons: readonly (readonly [form: RegExp, reason: string])[] = [
  [/:execution:handsoff-[\w-]+:\*$/, 'An execution gets its name when it starts; the machine is named.'],
  [/:(stateMachine:|document\/)handsoff-\*$/, 'Any machine or document of ours: they are only read, to compare them.'],
  [
    /:log-group:\/(aws\/lambda|ecs)\/\*$/,
    'Whose log is meant is known only from the alert; these are what functions and tasks print.',
  ],
  [
    /:log-group:\/aws\/eks\/\*\/cluster\*$/,
    'Whose log is meant is known only from the alert; this is what control planes of EKS print.',
  ],
  [/:instance\/\*$/, 'Which instance is unwell is known only from the alarm.'],
  [/:ecs:.*:service\/\*$/, 'Which service is unwell is known only from the alarm.'],
  [/:automation-execution\/\*$/, 'SSM gives an automation its id when it starts.'],
  [/:parameter\/handsoff\/\*$/, 'One parameter per runbook, all below this path and all written by this stack.'],
  [/:automation-definition\/[\w-]+:\*$/, 'Any version of this one document.'],
  [/:execution:handsoff-\*$/, 'Any execution of a machine of ours.'],
  [
    /^\*$/,
    'These actions have no resource-level permissions, or take no narrower one (cloudwatch:DescribeAlarms, for composite alarms); all of them only read, or deliver logs and traces.',
  ],
];

/** Tells cdk-nag why each wildcard in these statements is there. Throws for one that has no reason above. */
export function explainWildcards(scope: Construct, statements: readonly PolicyStatement[]): void {
  for (const { actions, resources } of statements) {
    for (const resource of resources) {
      const text = spell(Stack.of(scope).resolve(resource));
      if (!text.includes('*')) continue;
      const reason = reasons.find(([form]) => form.test(text))?.[1] ?? reasonOfReads(actions);
      if (!reason)
        throw new Error(
          `${scope.node.path} would be granted ${text}, and infra/wildcards.ts gives no reason for that wildcard.`,
        );
      acknowledgeWildcard(scope, resource, reason);
    }
  }
}

/** A read that IAM can hold to one kind of resource, and to no single one before an alert names it. */
function reasonOfReads(actions: readonly string[]): string | undefined {
  return actions.every((action) => isRead(action) && readResourceOf(action) !== '*')
    ? 'This only reads, and which one is meant is known only from the alert.'
    : undefined;
}

/** Tells cdk-nag why one resource of a role's policy has a wildcard. */
export function acknowledgeWildcard(scope: Construct, resource: string, reason: string): void {
  const text = spell(Stack.of(scope).resolve(resource));
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${text}]`, reason });
}

/** A resolved token as cdk-nag spells it: references in angle brackets. */
function spell(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${String(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [separator, parts] = value['Fn::Join'];
    return Array.isArray(parts) ? parts.map(spell).join(String(separator)) : '';
  }
  return JSON.stringify(value);
}
