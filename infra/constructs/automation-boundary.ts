import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** IAM's limit of a managed policy, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const maxPolicyCharacters = 6144;

/** No automation of ours may do these, whatever a manifest says: they cannot be taken back, or would widen its own reach. */
const irreversible = [
  'iam:*',
  'organizations:*',
  'account:*',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'ec2:TerminateInstances',
  'ec2:DeleteVolume',
  'ec2:DeleteSnapshot',
  'rds:DeleteDBInstance',
  'rds:DeleteDBCluster',
  'dynamodb:DeleteTable',
  's3:DeleteBucket',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  'cloudtrail:StopLogging',
  'cloudtrail:DeleteTrail',
];

/** Stopping an instance is allowed where its owner has said so: the second lock behind the conditions of the manifests. */
const onOptedInOnly = ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances'];

/** What no automation of Handsoff may ever do, whatever its role says. */
export class AutomationBoundary extends ManagedPolicy {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'What no automation of Handsoff may ever do.',
      statements: [
        new PolicyStatement({ actions: ['*'], resources: ['*'] }),
        new PolicyStatement({ effect: Effect.DENY, actions: irreversible, resources: ['*'] }),
        new PolicyStatement({
          effect: Effect.DENY,
          actions: onOptedInOnly,
          resources: ['*'],
          conditions: { StringNotEquals: { 'aws:ResourceTag/handsoff': 'act' } },
        }),
        // A grant on a key is for EC2 to attach the volume with, never for a principal to read it.
        new PolicyStatement({
          effect: Effect.DENY,
          actions: ['kms:CreateGrant'],
          resources: ['*'],
          conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
        }),
      ],
    });
    const size = JSON.stringify(Stack.of(this).resolve(this.document)).length;
    if (size > maxPolicyCharacters)
      throw new Error(
        `The boundary of the automations has ${size} characters, and IAM takes ${maxPolicyCharacters}; shorten the lists in infra/constructs/automation-boundary.ts.`,
      );
    for (const id of ['Action::*', 'Resource::*']) {
      const reason = 'A boundary grants nothing: it is the outer limit, and its point is what it denies.';
      Validations.of(this).acknowledge({ id: `AwsSolutions-IAM5[${id}]`, reason });
    }
  }
}
