import { DescribeEventsCommand, type Event, type HealthClient } from '@aws-sdk/client-health';
import type { Diagnostic } from '../diagnostic.ts';

/** Where AWS Health is asked about every Region: https://docs.aws.amazon.com/general/latest/gr/health.html */
export const healthRegion = 'us-east-1';

/** What AWS Health calls the services behind a resource, where that is not the name in its type in capitals. */
const services: Readonly<Record<string, readonly string[]>> = {
  AutoScaling: ['AUTOSCALING', 'EC2'],
  CertificateManager: ['ACM'],
  ElasticLoadBalancingV2: ['ELASTICLOADBALANCING'],
};

/** The fewest that can be asked for: https://docs.aws.amazon.com/health/latest/APIReference/API_DescribeEvents.html */
const maxEvents = 10;

/**
 * Whether AWS has an open issue of the resource's service in its Region. Unknown where the account's support plan lets
 * nobody ask: https://docs.aws.amazon.com/health/latest/ug/health-api.html
 */
export function awsHealth(health: HealthClient): Diagnostic {
  return async ({ resource, origin }) => {
    const asked = servicesOf(resource.type);
    if (asked.length === 0)
      return { verdict: 'unknown', summary: 'Which service of AWS is behind this alert is not known.' };
    const filter = {
      services: [...asked],
      regions: [origin.region, 'global'],
      eventStatusCodes: ['open' as const],
      eventTypeCategories: ['issue' as const],
    };
    try {
      const answer = await health.send(new DescribeEventsCommand({ filter, maxResults: maxEvents }));
      return findingOf(answer.events ?? [], asked);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'SubscriptionRequiredException') throw error;
      return {
        verdict: 'unknown',
        summary: 'AWS Health answers accounts with a paid support plan alone; look at its dashboard.',
      };
    }
  };
}

function servicesOf(type: string): readonly string[] {
  const [, service] = /^AWS::(\w+)::/.exec(type) ?? [];
  if (service === undefined) return [];
  return services[service] ?? [service.toUpperCase()];
}

function findingOf(events: readonly Event[], asked: readonly string[]): Awaited<ReturnType<Diagnostic>> {
  const names = asked.join(' or ');
  if (events.length === 0) return { verdict: 'healthy', summary: `AWS has no open issue of ${names} here.` };
  const shown = events.map(
    ({ eventTypeCode, region, startTime }) =>
      `${eventTypeCode ?? 'an issue'} in ${region ?? 'this Region'} since ${startTime?.toISOString() ?? 'lately'}`,
  );
  return { verdict: 'unhealthy', summary: `AWS has an open issue of ${names}: ${shown[0]}.`, evidence: shown };
}
