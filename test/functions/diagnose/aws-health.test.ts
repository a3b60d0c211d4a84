import { HealthClient } from '@aws-sdk/client-health';
import { describe, expect, it } from 'vitest';
import { awsHealth, healthRegion } from '../../../functions/diagnose/diagnostics/aws-health.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');

/** The finding about a resource of a type, and what Health was asked, where it answers with this. */
async function findingOf(type: string, answer: () => object) {
  const asked: object[] = [];
  const health = Object.assign(new HealthClient({ region: healthRegion }), {
    send: async ({ input }: { input: object }) => {
      asked.push(input);
      return answer();
    },
  });
  const finding = await awsHealth(health)(anAlert({ resource: { type, id: 'web' } }), now);
  return { finding, asked };
}

function refusal(name: string): Error {
  return Object.assign(new Error('refused'), { name });
}

describe('awsHealth', () => {
  it('is healthy where AWS has no open issue of the service, in the Region of the alert or everywhere', async () => {
    const { finding, asked } = await findingOf('AWS::DynamoDB::Table', () => ({ events: [] }));
    expect(finding).toEqual({ verdict: 'healthy', summary: 'AWS has no open issue of DYNAMODB here.' });
    expect(asked).toEqual([
      {
        filter: {
          services: ['DYNAMODB'],
          regions: [anAlert().origin.region, 'global'],
          eventStatusCodes: ['open'],
          eventTypeCategories: ['issue'],
        },
        maxResults: 10,
      },
    ]);
  });

  it('names each open issue', async () => {
    const startTime = new Date('2026-11-02T02:30:00Z');
    const events = [{ eventTypeCode: 'AWS_EC2_OPERATIONAL_ISSUE', region: 'eu-central-1', startTime }, {}];
    const { finding } = await findingOf('AWS::AutoScaling::AutoScalingGroup', () => ({ events }));
    expect(finding).toEqual({
      verdict: 'unhealthy',
      summary:
        'AWS has an open issue of AUTOSCALING or EC2: AWS_EC2_OPERATIONAL_ISSUE in eu-central-1 since 2026-11-02T02:30:00.000Z.',
      evidence: [
        'AWS_EC2_OPERATIONAL_ISSUE in eu-central-1 since 2026-11-02T02:30:00.000Z',
        'an issue in this Region since lately',
      ],
    });
  });

  it('is unknown, and no failure, where the support plan lets nobody ask', async () => {
    const { finding } = await findingOf('AWS::EC2::Instance', () => {
      throw refusal('SubscriptionRequiredException');
    });
    expect(finding.verdict).toBe('unknown');
  });

  it('is unknown for an alert of which no service of AWS is known, and asks nothing', async () => {
    const { finding, asked } = await findingOf('unknown', () => ({ events: [] }));
    expect(finding.verdict).toBe('unknown');
    expect(asked).toEqual([]);
  });

  it('fails where Health cannot be asked for another reason', async () => {
    const looking = findingOf('AWS::EC2::Instance', () => {
      throw refusal('AccessDeniedException');
    });
    await expect(looking).rejects.toThrow('refused');
  });
});
