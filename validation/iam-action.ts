/** IAM's prefix where it is not the name that boto3, and so SSM Automation, has for the service. */
const prefixes: Readonly<Record<string, string>> = {
  'application-autoscaling': 'application-autoscaling',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  stepfunctions: 'states',
  efs: 'elasticfilesystem',
  emr: 'elasticmapreduce',
  opensearch: 'es',
  resourcegroupstaggingapi: 'tag',
  ses: 'ses',
  sesv2: 'ses',
  s3control: 's3',
};

/** Operations that IAM calls otherwise than the API does. */
const renamed: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:PutBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:CopyObject': 's3:PutObject',
};

/**
 * The IAM action that allows an operation of an SSM Automation step.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function iamAction(service: string, operation: string): string {
  const action = `${prefixes[service] ?? service}:${operation}`;
  return renamed[action] ?? action;
}
