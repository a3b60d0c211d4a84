import type { EventAction, Severity } from '../../domain/alert.ts';
import { type Fields, read, readOptional } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { consoleLink, urlPart } from './console-link.ts';
import { eventAlert } from './event-alert.ts';
import { readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { keptText } from './kept-text.ts';

interface Meaning {
  /** What of the group is unwell: one incident each. */
  readonly subject: 'launch' | 'terminate' | 'detach' | 'instance-refresh';
  readonly action: EventAction;
  readonly severity: Severity;
}

/** What each event of EC2 Auto Scaling says; `undefined` is no failure. The vendor has no scale: the name is all there is. */
const meanings: ReadonlyMap<string, Meaning | undefined> = new Map<string, Meaning | undefined>([
  ['EC2 Instance Launch Unsuccessful', { subject: 'launch', action: 'trigger', severity: 'error' }],
  ['EC2 Instance Launch Successful', { subject: 'launch', action: 'resolve', severity: 'info' }],
  ['EC2 Instance Terminate Unsuccessful', { subject: 'terminate', action: 'trigger', severity: 'warning' }],
  ['EC2 Instance Terminate Successful', { subject: 'terminate', action: 'resolve', severity: 'info' }],
  ['EC2 Instance Detach Unsuccessful', { subject: 'detach', action: 'trigger', severity: 'warning' }],
  ['EC2 Instance Detach Successful', { subject: 'detach', action: 'resolve', severity: 'info' }],
  ['EC2 Auto Scaling Instance Refresh Failed', { subject: 'instance-refresh', action: 'trigger', severity: 'error' }],
  [
    'EC2 Auto Scaling Instance Refresh Rollback Failed',
    { subject: 'instance-refresh', action: 'trigger', severity: 'critical' },
  ],
  [
    'EC2 Auto Scaling Instance Refresh Rollback Succeeded',
    { subject: 'instance-refresh', action: 'resolve', severity: 'info' },
  ],
  ['EC2 Auto Scaling Instance Refresh Succeeded', { subject: 'instance-refresh', action: 'resolve', severity: 'info' }],
  ['EC2 Auto Scaling Instance Refresh Cancelled', undefined],
  ['EC2 Auto Scaling Instance Refresh Checkpoint Reached', undefined],
  ['EC2 Auto Scaling Instance Refresh Rollback Started', undefined],
  ['EC2 Auto Scaling Instance Refresh Started', undefined],
  ['EC2 Auto Scaling Instance Refresh Started Baking', undefined],
  ['EC2 Instance-launch Lifecycle Action', undefined],
  ['EC2 Instance-terminate Lifecycle Action', undefined],
]);

/**
 * The detail-types of EC2 Auto Scaling.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 */
export const autoScalingDetailTypes: readonly string[] = [...meanings.keys()];

/** Reads an event of EC2 Auto Scaling: an operation that failed is a trigger, the next that succeeds its resolve. */
export function normaliseAutoScaling(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const { account, region, detail, detailType } = envelope;
  const group = read(event, 'detail.AutoScalingGroupName', errors);
  if (errors.length > 0) return { kind: 'poison', errors };
  const meaning = meanings.get(detailType);
  if (!meaning) return { kind: 'noise', reason: 'not-a-failure' };
  const arn = envelope.resources.find((resource) => resource.includes(':autoScalingGroup:'));
  const why = readOptional(detail, 'StatusMessage') ?? readOptional(detail, 'Cause');
  const parts = {
    format: 'auto-scaling',
    action: meaning.action,
    key: ['auto-scaling', account, region, group, meaning.subject],
    summary: `${group}: ${detailType}${why ? `: ${why}` : ''}`,
    severity: meaning.severity,
    at: readTime(detail['EndTime']),
    source: arn ?? group,
    component: 'EC2 Auto Scaling',
    group,
    class: detailType,
    details: {
      status: readOptional(detail, 'StatusCode'),
      message: keptText(readOptional(detail, 'StatusMessage'), 1024),
      cause: keptText(readOptional(detail, 'Cause'), 1024),
      instance_id: readOptional(detail, 'EC2InstanceId'),
      availability_zone: readOptional(detail, 'Details.Availability Zone'),
      subnet_id: readOptional(detail, 'Details.Subnet ID'),
      instance_refresh_id: readOptional(detail, 'InstanceRefreshId'),
    },
    links: [
      {
        href: consoleLink(region, 'ec2/home', `#AutoScalingGroupDetails:id=${urlPart(group)}`),
        text: 'Auto Scaling group',
      },
    ],
    resource: { ...(arn && { arn }), type: 'AWS::AutoScaling::AutoScalingGroup', id: group },
  };
  return eventAlert(envelope, parts, receivedAt);
}
