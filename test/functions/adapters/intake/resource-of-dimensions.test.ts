import { describe, expect, it } from 'vitest';
import { resourceOfDimensions } from '../../../../functions/adapters/intake/resource-of-dimensions.ts';

const place = { partition: 'aws', region: 'eu-central-1', account: '123456789012' };

describe('resourceOfDimensions', () => {
  it('knows a target group by the end of its ARN', () => {
    const dimensions = {
      TargetGroup: 'targetgroup/checkout/73e2d6bc24d8a067',
      LoadBalancer: 'app/front/50dc6c495c0c9188',
    };
    expect(resourceOfDimensions(dimensions, place)).toEqual({
      arn: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/checkout/73e2d6bc24d8a067',
      type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      id: 'targetgroup/checkout/73e2d6bc24d8a067',
    });
  });

  it('takes the ARN that a certificate is named by as it is', () => {
    const arn = 'arn:aws:acm:eu-central-1:123456789012:certificate/3d4e5f60-7182-4934-a5b6-c7d8e9f0a1b2';
    expect(resourceOfDimensions({ CertificateArn: arn }, place)).toEqual({
      arn,
      type: 'AWS::CertificateManager::Certificate',
      id: '3d4e5f60-7182-4934-a5b6-c7d8e9f0a1b2',
    });
  });

  it('knows a pod by its cluster, which is what AWS knows of it', () => {
    const dimensions = { ClusterName: 'shop', Namespace: 'store', PodName: 'search', ContainerName: 'app' };
    expect(resourceOfDimensions(dimensions, place)).toEqual({
      arn: 'arn:aws:eks:eu-central-1:123456789012:cluster/shop',
      type: 'AWS::EKS::Cluster',
      id: 'shop',
    });
  });

  it.each([
    ['an instance by an ARN', { InstanceId: 'arn:aws:ec2:x:1:instance/i-0a1b2c3d4e5f60718' }],
    ['a certificate of another account', { CertificateArn: 'arn:aws:acm:eu-central-1:999999999999:certificate/3d4e' }],
    [
      'what is no certificate',
      { CertificateArn: 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d4e5f60718' },
    ],
  ])('does not believe whoever names %s: the same thing would have many names', (_, dimensions) => {
    expect(resourceOfDimensions(dimensions, place)).toBeUndefined();
  });

  it('names no resource for dimensions that it does not know', () => {
    expect(resourceOfDimensions({ Shop: 'eu' }, place)).toBeUndefined();
  });
});
