import { describe, expect, it } from 'vitest';
import { fitsPattern, isWildcard, mutationArn } from '../../../infra/automation/mutation-resource.ts';

const place = { partition: 'aws', region: 'eu-west-1', account: '111122223333' };

describe('mutationArn', () => {
  it.each([
    ['ec2:instance/*', 'arn:aws:ec2:eu-west-1:111122223333:instance/*'],
    ['ec2:snapshot/*', 'arn:aws:ec2:eu-west-1::snapshot/*'],
    ['ecs:service/*/*', 'arn:aws:ecs:eu-west-1:111122223333:service/*/*'],
    ['rds:db:*', 'arn:aws:rds:eu-west-1:111122223333:db:*'],
    ['lambda:function:*', 'arn:aws:lambda:eu-west-1:111122223333:function:*'],
    ['lambda:function:handsoff-call-rundeck', 'arn:aws:lambda:eu-west-1:111122223333:function:handsoff-call-rundeck'],
    ['elasticloadbalancing:targetgroup/*', 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/*'],
    ['sqs:*', 'arn:aws:sqs:eu-west-1:111122223333:*'],
    ['dynamodb:table/*', 'arn:aws:dynamodb:eu-west-1:111122223333:table/*'],
    [
      'autoscaling:autoScalingGroup:*:autoScalingGroupName/*',
      'arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:*:autoScalingGroupName/*',
    ],
    ['iam:user/*', 'arn:aws:iam::111122223333:user/*'],
    ['s3:*', 'arn:aws:s3:::*'],
    ['s3:my-bucket', 'arn:aws:s3:::my-bucket'],
    ['s3:::my-bucket', 'arn:aws:s3:::my-bucket'],
    [
      'ssm:document/compress-command',
      'arn:aws:ssm:eu-west-1:111122223333:document/handsoff-a-runbook-compress-command',
    ],
    ['ssm:document/AWS-ApplyAnsiblePlaybooks', 'arn:aws:ssm:eu-west-1::document/AWS-ApplyAnsiblePlaybooks'],
    [
      'ssm:automation-definition/AWS-StopEC2Instance:*',
      'arn:aws:ssm:eu-west-1::automation-definition/AWS-StopEC2Instance:*',
    ],
    ['*', '*'],
  ])('means by %s %s', (resource, arn) => {
    expect(mutationArn('a-runbook', resource, place)).toBe(arn);
  });
});

describe('isWildcard', () => {
  it.each(['ec2:instance/*', 'ec2:instance/i-?', 'iam:user/${aws:username}'])('sees one in %s', (resource) => {
    expect(isWildcard(resource)).toBe(true);
  });

  it('sees none in a name', () => {
    expect(isWildcard('lambda:function:handsoff-call-rundeck')).toBe(false);
  });
});

describe('fitsPattern', () => {
  it.each([
    ['ssm:document/a-?', 'ssm:document/a-b', true],
    ['ssm:document/a-?', 'ssm:document/a-bc', false],
    ['ssm:document/*', 'ssm:document/a', true],
    ['iam:user/${aws:username}', 'iam:user/robin', true],
    ['s3:a.b', 's3:axb', false],
  ])('reads %s as IAM does for %s: %s', (pattern, text, fits) => {
    expect(fitsPattern(pattern, text)).toBe(fits);
  });
});
