import type { EventPattern } from 'aws-cdk-lib/aws-events';

/** A kind of events of AWS, and what of it is let in: of those beside alarms by the name that `config/sources.yaml` lists. */
export interface AwsEventKind {
  readonly name: string;
  readonly pattern: EventPattern;
}

/** What of CloudWatch's alarms is let in, whoever sends it in their form. */
export const alarmKinds = [
  {
    name: 'alarm-states',
    pattern: {
      detailType: ['CloudWatch Alarm State Change', 'CloudWatch Alarm Contributor State Change'],
      // Handsoff's own alarms go to people by themselves: it must not be needed to tell of its own failure.
      detail: { alarmName: [{ 'anything-but': { prefix: 'handsoff-' } }] },
    },
  },
  {
    name: 'alarm-deletions',
    pattern: { detailType: ['CloudWatch Alarm Configuration Change'], detail: { operation: ['delete'] } },
  },
] as const satisfies readonly AwsEventKind[];

/** What is no trouble for certain is left out here already: every event that is let in costs an execution of `intake`. */
export const awsEventKinds = [
  { name: 'health', pattern: { source: ['aws.health'], detailType: ['AWS Health Event', 'AWS Health Abuse Event'] } },
  { name: 'guardduty', pattern: { source: ['aws.guardduty'], detailType: ['GuardDuty Finding'] } },
  {
    name: 'securityhub',
    pattern: {
      source: ['aws.securityhub'],
      detailType: ['Security Hub Findings - Imported', 'Security Hub Findings - Custom Action'],
    },
  },
  {
    name: 'ecs-services',
    pattern: { source: ['aws.ecs'], detailType: ['ECS Deployment State Change', 'ECS Service Action'] },
  },
  {
    name: 'ecs-tasks',
    pattern: { source: ['aws.ecs'], detailType: ['ECS Task State Change'], detail: { lastStatus: ['STOPPED'] } },
  },
  {
    name: 'autoscaling',
    pattern: {
      source: ['aws.autoscaling'],
      detailType: [
        'EC2 Instance Launch Unsuccessful',
        'EC2 Instance Launch Successful',
        'EC2 Instance Terminate Unsuccessful',
        'EC2 Instance Terminate Successful',
        'EC2 Instance Detach Unsuccessful',
        'EC2 Instance Detach Successful',
        'EC2 Auto Scaling Instance Refresh Failed',
        'EC2 Auto Scaling Instance Refresh Rollback Failed',
        'EC2 Auto Scaling Instance Refresh Rollback Succeeded',
        'EC2 Auto Scaling Instance Refresh Succeeded',
      ],
    },
  },
  {
    name: 'rds',
    pattern: {
      source: ['aws.rds'],
      detailType: [
        'RDS DB Instance Event',
        'RDS DB Cluster Event',
        'RDS DB Snapshot Event',
        'RDS DB Cluster Snapshot Event',
        'RDS DB Parameter Group Event',
        'RDS DB Security Group Event',
        'RDS DB Proxy Event',
        'RDS DB Shard Group Event',
        'RDS Blue Green Deployment Event',
        'RDS Custom Engine Version Event',
        'RDS Zero ETL Event',
      ],
    },
  },
  {
    name: 'ebs',
    pattern: {
      source: ['aws.ec2'],
      detailType: [
        'EBS Volume Notification',
        'EBS Snapshot Notification',
        'EBS Multi-Volume Snapshots Completion Status',
      ],
    },
  },
] as const satisfies readonly AwsEventKind[];
