import { fitsAction } from './aws-calls.ts';
import { fitsPattern } from './mutation-resource.ts';

/** Things that no automation of ours may do, whatever a manifest says, and why. */
export interface Denial {
  readonly because: string;
  /** IAM actions; `*` stands for the rest of a name. */
  readonly actions: readonly string[];
  /** The condition of IAM under which it is denied. @default - always */
  readonly when?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * All of IAM that an automation may be granted: to take an exposed key out of use, and to find it. A new verb of IAM is
 * denied until somebody adds it here; a list of what is denied could not promise that.
 */
export const allowedOfIam = ['iam:GetAccessKeyLastUsed', 'iam:GetUser', 'iam:ListAccessKeys', 'iam:UpdateAccessKey'];

/** The services whose ARNs call something of Handsoff by its name: a resource of a policy must name its service. */
export const ownServices = [
  'cloudwatch',
  'dynamodb',
  'events',
  'lambda',
  'logs',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'states',
];

/** What of Handsoff itself an automation may use, as manifests write it: commands and automations of runbooks, and Rundeck. */
export const allowedOfOwn: Readonly<Record<string, readonly string[]>> = {
  'lambda:InvokeFunction': ['lambda:function:handsoff-call-rundeck'],
  'ssm:SendCommand': ['ssm:document/handsoff-*'],
  'ssm:StartAutomationExecution': ['ssm:automation-definition/handsoff-*', 'ssm:document/handsoff-*'],
};

/** What is denied. The permissions boundary of every automation role is made from it. */
export const denials: readonly Denial[] = [
  {
    because: 'It would become somebody else, or change what the organization or the account allows.',
    actions: ['account:*', 'identitystore:*', 'organizations:*', 'sso:*', 'sts:AssumeRole*', 'sts:Get*Token'],
  },
  {
    because: 'It runs whatever somebody wrote, with rights of its own or on a machine.',
    actions: [
      'cloudformation:*',
      'codebuild:Start*',
      'codebuild:Update*',
      'ec2-instance-connect:*',
      'ecs:ExecuteCommand',
      'lambda:UpdateFunctionCode',
      'ssm:CreateActivation',
      'ssm:CreateAssociation*',
      'ssm:CreateDocument',
      'ssm:ResumeSession',
      'ssm:StartSession',
      'ssm:UpdateAssociation',
      'ssm:UpdateDocument*',
    ],
  },
  {
    because: 'It opens something to others, and how far cannot be told from the call.',
    actions: [
      'backup:Put*Policy',
      'codeartifact:Put*Policy',
      'dynamodb:PutResourcePolicy',
      'ec2:AuthorizeSecurityGroup*',
      'ec2:CreateNetworkAclEntry',
      'ec2:CreateRoute',
      'ec2:ModifyImageAttribute',
      'ec2:ModifySnapshotAttribute',
      'ec2:ReplaceNetworkAcl*',
      'ec2:ReplaceRoute',
      'ecr:Put*Policy',
      'ecr:SetRepositoryPolicy',
      'eks:Associate*',
      'eks:CreateAccessEntry',
      'eks:CreatePodIdentityAssociation',
      'eks:UpdateAccessEntry',
      'elasticfilesystem:Put*Policy',
      'events:PutPermission',
      'glue:Put*Policy',
      'kinesis:Put*Policy',
      'kms:PutKeyPolicy',
      'lambda:Add*Permission',
      'lambda:CreateFunctionUrlConfig',
      'lambda:UpdateFunctionUrlConfig',
      'logs:Put*Policy',
      'logs:PutSubscriptionFilter',
      'ram:*',
      'rds:ModifyDB*SnapshotAttribute',
      'redshift:Authorize*',
      'redshift:Put*Policy',
      's3:Put*Acl',
      's3:Put*Policy',
      's3:PutBucketWebsite',
      's3:PutReplicationConfiguration',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:ReplicateSecretToRegions',
      'sns:AddPermission',
      'sns:SetTopicAttributes',
      'sqs:AddPermission',
      'ssm:ModifyDocumentPermission',
      'ssm:PutResourcePolicy',
    ],
  },
  {
    because: 'It cannot be taken back.',
    actions: [
      'acm:Delete*',
      'aoss:Delete*',
      'apigateway:DELETE',
      'athena:Delete*',
      'autoscaling:Delete*',
      'autoscaling:TerminateInstanceInAutoScalingGroup',
      'backup:Delete*',
      'batch:Delete*',
      'cassandra:Drop*',
      'cloudfront:Delete*',
      'cognito-idp:*Delete*',
      'dax:Delete*',
      'dynamodb:Delete*',
      'dynamodb:PartiQLDelete',
      'ec2:Delete*',
      'ec2:DeregisterImage',
      'ec2:ReleaseAddress',
      'ec2:TerminateInstances',
      'ecr:*Delete*',
      'ecs:Delete*',
      'eks:Delete*',
      'elasticache:Delete*',
      'elasticbeanstalk:Terminate*',
      'elasticfilesystem:Delete*',
      'elasticloadbalancing:Delete*',
      'elasticmapreduce:Terminate*',
      'es:Delete*',
      'events:Delete*',
      'firehose:Delete*',
      'fsx:Delete*',
      'glacier:Delete*',
      'glue:*Delete*',
      'kafka:Delete*',
      'kinesis:Delete*',
      'kms:DisableKey*',
      'kms:ScheduleKeyDeletion',
      'lambda:DeleteAlias',
      'lambda:DeleteEventSourceMapping',
      'lambda:DeleteFunction',
      'lambda:DeleteLayerVersion',
      'lightsail:Delete*',
      'logs:Delete*',
      'memorydb:Delete*',
      'mq:Delete*',
      'rds:Delete*',
      'redshift-serverless:Delete*',
      'redshift:Delete*',
      'route53:Delete*',
      's3:Delete*',
      's3:PutBucketVersioning',
      's3:PutLifecycleConfiguration',
      'sagemaker:Delete*',
      'secretsmanager:Delete*',
      'sns:Delete*',
      'sqs:DeleteQueue',
      'sqs:PurgeQueue',
      'ssm:Delete*',
      'states:Delete*',
      'timestream:Delete*',
    ],
  },
  {
    because: 'It would blind whoever looks into the incident.',
    actions: [
      'cloudtrail:Delete*',
      'cloudtrail:Put*',
      'cloudtrail:Stop*',
      'cloudtrail:Update*',
      'cloudwatch:Delete*',
      'cloudwatch:Disable*',
      'cloudwatch:Put*Alarm',
      'cloudwatch:SetAlarmState',
      'config:Delete*',
      'config:Put*',
      'config:Stop*',
      'guardduty:Archive*',
      'guardduty:Create*',
      'guardduty:Delete*',
      'guardduty:Di*',
      'guardduty:Stop*',
      'guardduty:Update*',
      'inspector2:Disable*',
      'logs:PutRetentionPolicy',
      'macie2:Disable*',
      'securityhub:Delete*',
      'securityhub:Di*',
      'securityhub:Update*',
    ],
  },
  {
    because:
      'By the tag handsoff an owner agrees, so an automation never writes it; of a bucket IAM cannot see which are written.',
    actions: ['s3:PutBucketTagging'],
  },
  {
    because: 'By the tag handsoff an owner agrees, so an automation never writes it or takes it off.',
    actions: ['*'],
    // Keys of conditions have no case: a tag called Handsoff would count as well.
    when: { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': 'handsoff' } },
  },
  {
    because: 'A layer is code that runs in the function, with the rights of the function.',
    actions: ['lambda:UpdateFunctionConfiguration'],
    when: { Null: { 'lambda:Layer': 'false' } },
  },
  {
    because:
      'The owner of the instance has not tagged it handsoff=act: the second lock behind the conditions of manifests.',
    actions: ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances'],
    when: { StringNotEquals: { 'aws:ResourceTag/handsoff': 'act' } },
  },
  {
    because: 'A grant on a key is for EC2 to attach the volume with, never for a principal to read it.',
    actions: ['kms:CreateGrant'],
    when: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
  },
  {
    because: 'Records may be pointed elsewhere, and never taken out.',
    actions: ['route53:ChangeResourceRecordSets'],
    when: { 'ForAnyValue:StringEquals': { 'route53:ChangeResourceRecordSetsActions': 'DELETE' } },
  },
];

/** Why IAM itself is closed but for `allowedOfIam`. */
export const whyNotIam = 'Who may do what is changed by people; a key, at the most, is taken out of use.';

/** Why Handsoff itself is closed but for `allowedOfOwn`. */
export const whyNotOwn =
  'What is called handsoff is Handsoff itself: its switches, incidents, functions and rules are what holds every automation.';

/**
 * Why no automation may ever do something; undefined for what it may, if only under a condition. The resource is as a
 * manifest writes it.
 */
export function whyDenied(action: string, resource = ''): string | undefined {
  if (action.startsWith('iam:') && !allowedOfIam.includes(action)) return whyNotIam;
  const isOwn = resource.includes('handsoff');
  if (isOwn && !allowedOfOwn[action]?.some((pattern) => fitsPattern(pattern, resource))) return whyNotOwn;
  return denials.find(({ actions, when }) => !when && actions.some((pattern) => fitsAction(pattern, action)))?.because;
}
