import { describe, expect, it } from 'vitest';
import { normaliseEcs } from '../../../../functions/adapters/intake/ecs.ts';
import { loadEvent } from '../../../support/load-fixture.ts';

const receivedAt = new Date('2026-11-02T03:00:06.000Z');

/** The cluster of a deployment that failed, where the service has this ARN. */
function clusterOf(serviceArn: string): unknown {
  const event = { ...loadEvent('ecs/deployment-failed'), resources: [serviceArn] };
  const normalised = normaliseEcs(event, receivedAt);
  return normalised.kind === 'alert' ? normalised.alert.payload.custom_details['cluster'] : normalised.kind;
}

describe('normaliseEcs', () => {
  it('names the cluster of a deployment, of which only the ARN of its service tells', () => {
    expect(clusterOf('arn:aws:ecs:us-west-2:123456789012:service/shop/checkout')).toBe(
      'arn:aws:ecs:us-west-2:123456789012:cluster/shop',
    );
  });

  it('names none where the ARN is of the old form, which tells nothing of a cluster', () => {
    expect(clusterOf('arn:aws:ecs:us-west-2:123456789012:service/checkout')).toBeUndefined();
  });
});
