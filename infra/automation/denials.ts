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

/** What is denied. The permissions boundary of every automation role is made from it. */
export const denials: readonly Denial[] = [
  {
    because: 'It would become somebody else, or change what the organization or the account allows.',
    actions: ['account:*', 'organizations:*', 'sts:AssumeRole*', 'sts:GetFederationToken', 'lambda:UpdateFunctionCode'],
  },
  {
    because: 'It opens something to others, and how far cannot be told from the call.',
    actions: [
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:ModifyImageAttribute',
      'ec2:ModifySnapshotAttribute',
      'kms:PutKeyPolicy',
      'lambda:AddPermission',
      'lambda:CreateFunctionUrlConfig',
      'rds:ModifyDB*SnapshotAttribute',
      's3:PutBucketAcl',
      's3:PutBucketPolicy',
      's3:PutObjectAcl',
      'secretsmanager:PutResourcePolicy',
      'sns:AddPermission',
      'sqs:AddPermission',
    ],
  },
  {
    because: 'It cannot be taken back.',
    actions: [
      'autoscaling:Delete*',
      'autoscaling:TerminateInstanceInAutoScalingGroup',
      'backup:Delete*',
      'cloudformation:Delete*',
      'dynamodb:Delete*',
      'ec2:Delete*',
      'ec2:DeregisterImage',
      'ec2:TerminateInstances',
      'ecr:*Delete*',
      'ecs:Delete*',
      'eks:Delete*',
      'elasticache:Delete*',
      'elasticfilesystem:Delete*',
      'elasticloadbalancing:Delete*',
      'events:Delete*',
      'kms:DisableKey',
      'kms:ScheduleKeyDeletion',
      'lambda:DeleteAlias',
      'lambda:DeleteEventSourceMapping',
      'lambda:DeleteFunction',
      'lambda:DeleteLayerVersion',
      'logs:Delete*',
      'rds:Delete*',
      'route53:Delete*',
      's3:DeleteBucket*',
      's3:DeleteObject*',
      's3:PutLifecycleConfiguration',
      'secretsmanager:Delete*',
      'sns:Delete*',
      'sqs:DeleteQueue',
      'sqs:PurgeQueue',
      'states:Delete*',
    ],
  },
  {
    because: 'It would blind whoever looks into the incident.',
    actions: [
      'cloudtrail:DeleteTrail',
      'cloudtrail:PutEventSelectors',
      'cloudtrail:StopLogging',
      'cloudtrail:UpdateTrail',
      'cloudwatch:Delete*',
      'config:Delete*',
      'config:Stop*',
      'guardduty:Delete*',
      'guardduty:Disassociate*',
    ],
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

/** Why no automation may ever do something; undefined for what it may, if only under a condition. */
export function whyDenied(action: string): string | undefined {
  if (action.startsWith('iam:') && !allowedOfIam.includes(action)) return whyNotIam;
  return denials.find(({ actions, when }) => !when && actions.some((pattern) => fits(pattern, action)))?.because;
}

function fits(pattern: string, action: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action);
}
