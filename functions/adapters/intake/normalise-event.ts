import { type Fields, isRecord } from '../../domain/fields.ts';
import type { Normalised } from '../../domain/normalised.ts';
import { autoScalingDetailTypes, normaliseAutoScaling } from './auto-scaling.ts';
import { awsHealthDetailTypes, normaliseAwsHealth } from './aws-health.ts';
import { isCloudWatchLambda, normaliseCloudWatchLambda } from './cloudwatch-lambda.ts';
import { isCloudWatchSns, normaliseCloudWatchSns } from './cloudwatch-sns.ts';
import { cloudwatchDetailTypes, normaliseCloudWatch } from './cloudwatch.ts';
import { datadogPartnerDetailTypes, normaliseDatadogPartner } from './datadog-partner.ts';
import { ebsDetailTypes, normaliseEbs } from './ebs.ts';
import { ecsDetailTypes, normaliseEcs } from './ecs.ts';
import { guardDutyDetailTypes, normaliseGuardDuty } from './guardduty.ts';
import type { Hearing } from './hearing.ts';
import { normaliseNewRelicPartner } from './new-relic-partner.ts';
import { normalisePagerDutyPartner } from './pagerduty-partner.ts';
import { isReceived, normaliseReceived } from './received-alert.ts';
import { normaliseRds, rdsDetailTypes } from './rds.ts';
import { normaliseSecurityHub, securityHubDetailTypes } from './security-hub.ts';
import { normaliseSelfTest, selfTestDetailTypes } from './self-test.ts';

type Adapter = (event: Fields, receivedAt: Date, hearing: Hearing) => Normalised;

/** One row a kind of event: where it comes from, its detail-types, and the adapter that reads it. */
export interface EventSource {
  /** The event's `source`, or where it ends in `/` what the source of a partner bus begins with. */
  readonly source: string;
  /** All that the adapter reads; every detail-type where a partner's user may choose it. */
  readonly detailTypes: readonly string[] | 'any';
  readonly normalise: Adapter;
}

/**
 * Every event that Handsoff reads from EventBridge. Nobody but AWS and its partners can put an event whose source begins
 * with `aws.`; the form of one under any other source is read too, as an alert that says who sent it.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
 */
export const eventSources: readonly EventSource[] = [
  { source: 'aws.cloudwatch', detailTypes: cloudwatchDetailTypes, normalise: normaliseCloudWatch },
  { source: 'aws.health', detailTypes: awsHealthDetailTypes, normalise: normaliseAwsHealth },
  { source: 'aws.guardduty', detailTypes: guardDutyDetailTypes, normalise: normaliseGuardDuty },
  { source: 'aws.securityhub', detailTypes: securityHubDetailTypes, normalise: normaliseSecurityHub },
  { source: 'aws.ecs', detailTypes: ecsDetailTypes, normalise: normaliseEcs },
  { source: 'aws.autoscaling', detailTypes: autoScalingDetailTypes, normalise: normaliseAutoScaling },
  { source: 'aws.rds', detailTypes: rdsDetailTypes, normalise: normaliseRds },
  { source: 'aws.ec2', detailTypes: ebsDetailTypes, normalise: normaliseEbs },
  { source: 'aws.events', detailTypes: selfTestDetailTypes, normalise: normaliseSelfTest },
  {
    source: 'aws.partner/datadog.com/',
    detailTypes: datadogPartnerDetailTypes,
    normalise: normaliseDatadogPartner,
  },
  { source: 'aws.partner/newrelic.com/', detailTypes: 'any', normalise: normaliseNewRelicPartner },
  { source: 'aws.partner/pagerduty.com/', detailTypes: 'any', normalise: normalisePagerDutyPartner },
];

/** The same alarm in forms that have no detail-type, told by their fields. */
const otherForms: readonly { is: (event: Fields) => boolean; normalise: Adapter }[] = [
  { is: isCloudWatchLambda, normalise: normaliseCloudWatchLambda },
  { is: isCloudWatchSns, normalise: (message, receivedAt) => normaliseCloudWatchSns(message, receivedAt) },
];

/**
 * Normalises an event by its source and detail-type. Never throws: what cannot be read is poison, with its reasons.
 * Without `hearing`, nothing is taken for a copy of what is heard otherwise.
 */
export function normaliseEvent(event: unknown, receivedAt: Date, hearing: Hearing = { aws_events: [] }): Normalised {
  if (!isRecord(event)) return poison('', 'is not a JSON object');
  if (isReceived(event)) return normaliseReceived(event, receivedAt);
  const { source, 'detail-type': type } = event;
  const form = type === undefined ? otherForms.find(({ is }) => is(event)) : undefined;
  if (form) return form.normalise(event, receivedAt, hearing);
  const ofAws = typeof source === 'string' && source.startsWith('aws.');
  const candidates = ofAws ? eventSources.filter((row) => isFrom(source, row.source)) : eventSources;
  if (candidates.length === 0)
    return poison('source', `is not one of ${eventSources.map((row) => row.source).join(', ')}`);
  const found = candidates.find(({ detailTypes }) =>
    detailTypes === 'any' ? ofAws : detailTypes.some((known) => known === type),
  );
  if (found) return found.normalise(event, receivedAt, hearing);
  const known = candidates.flatMap(({ detailTypes }) => (detailTypes === 'any' ? [] : detailTypes));
  return poison('detail-type', `is not one that Handsoff reads; it reads ${known.join(', ')}`);
}

function isFrom(source: string, row: string): boolean {
  return row.endsWith('/') ? source.startsWith(row) : source === row;
}

function poison(path: string, message: string): Normalised {
  return { kind: 'poison', errors: [{ path, message }] };
}
