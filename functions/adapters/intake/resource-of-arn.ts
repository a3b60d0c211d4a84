import type { AlertResource } from '../../domain/alert.ts';

/** One row a kind of resource: the service in its ARN, how the ARN's resource part begins, and its CloudFormation type. */
const kinds: readonly { service: string; prefix: string; type: string }[] = [
  { service: 'ec2', prefix: 'instance/', type: 'AWS::EC2::Instance' },
  { service: 'ec2', prefix: 'volume/', type: 'AWS::EC2::Volume' },
  { service: 'ec2', prefix: 'snapshot/', type: 'AWS::EC2::Snapshot' },
  { service: 'ec2', prefix: 'security-group/', type: 'AWS::EC2::SecurityGroup' },
  { service: 'ec2', prefix: 'vpc/', type: 'AWS::EC2::VPC' },
  { service: 'ecs', prefix: 'service/', type: 'AWS::ECS::Service' },
  { service: 'ecs', prefix: 'cluster/', type: 'AWS::ECS::Cluster' },
  { service: 'ecs', prefix: 'task/', type: 'AWS::ECS::Task' },
  { service: 'eks', prefix: 'cluster/', type: 'AWS::EKS::Cluster' },
  { service: 'rds', prefix: 'db:', type: 'AWS::RDS::DBInstance' },
  { service: 'rds', prefix: 'cluster:', type: 'AWS::RDS::DBCluster' },
  { service: 'autoscaling', prefix: 'autoScalingGroup:', type: 'AWS::AutoScaling::AutoScalingGroup' },
  { service: 's3', prefix: '', type: 'AWS::S3::Bucket' },
  { service: 'iam', prefix: 'user/', type: 'AWS::IAM::User' },
  { service: 'iam', prefix: 'role/', type: 'AWS::IAM::Role' },
  { service: 'lambda', prefix: 'function:', type: 'AWS::Lambda::Function' },
  { service: 'dynamodb', prefix: 'table/', type: 'AWS::DynamoDB::Table' },
  { service: 'sqs', prefix: '', type: 'AWS::SQS::Queue' },
  { service: 'kms', prefix: 'key/', type: 'AWS::KMS::Key' },
  { service: 'acm', prefix: 'certificate/', type: 'AWS::CertificateManager::Certificate' },
  { service: 'elasticloadbalancing', prefix: 'targetgroup/', type: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
  {
    service: 'elasticloadbalancing',
    prefix: 'loadbalancer/',
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  },
];

/** The resource that an ARN or a bare EC2 id (`i-`, `vol-`) names; anything else is of type `unknown` with its own text as id. */
export function resourceOfArn(name: string): AlertResource {
  const resource = resourcePartOf(name);
  if (resource === '') return { type: typeOfBareId(name), id: name };
  return { arn: name, type: typeOfArn(name), id: resource.split(/[:/]/).at(-1) || resource };
}

/** The CloudFormation type of what an ARN names; `unknown` where no row fits. */
export function typeOfArn(arn: string): string {
  const service = arn.split(':')[2];
  const resource = resourcePartOf(arn);
  return kinds.find((row) => row.service === service && resource.startsWith(row.prefix))?.type ?? 'unknown';
}

/** What stands behind the account in an ARN; empty for what is none. */
function resourcePartOf(name: string): string {
  const [arn, , , , , ...rest] = name.split(':');
  return arn === 'arn' ? rest.join(':') : '';
}

function typeOfBareId(id: string): string {
  if (/^i-[0-9a-z]+$/.test(id)) return 'AWS::EC2::Instance';
  return /^vol-[0-9a-z]+$/.test(id) ? 'AWS::EC2::Volume' : 'unknown';
}
