import { describe, expect, it } from 'vitest';
import { resourceOfArn } from '../../../../functions/adapters/intake/resource-of-arn.ts';

const at = 'eu-central-1:123456789012';

describe('resourceOfArn', () => {
  it.each([
    [`arn:aws:acm:${at}:certificate/3d4e5f60`, 'AWS::CertificateManager::Certificate', '3d4e5f60'],
    [`arn:aws:elasticloadbalancing:${at}:targetgroup/a/73e2`, 'AWS::ElasticLoadBalancingV2::TargetGroup', '73e2'],
    [`arn:aws:rds:${at}:db:orders`, 'AWS::RDS::DBInstance', 'orders'],
    ['arn:aws:s3:::bucket', 'AWS::S3::Bucket', 'bucket'],
    [`arn:aws:glue:${at}:job/nightly`, 'unknown', 'nightly'],
  ])('takes %s for %s', (arn, type, id) => {
    expect(resourceOfArn(arn)).toEqual({ arn, type, id });
  });

  it.each([
    ['i-0a1b2c3d', 'AWS::EC2::Instance'],
    ['checkout', 'unknown'],
    ['arn:aws:sqs', 'unknown'],
  ])('takes the bare %s for %s', (id, type) => {
    expect(resourceOfArn(id)).toEqual({ type, id });
  });
});
