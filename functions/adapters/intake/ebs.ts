import type { Severity } from '../../domain/alert.ts';
import { type Fields, read, readOptional } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { consoleLink } from './console-link.ts';
import { eventAlert } from './event-alert.ts';
import { type EventEnvelope, readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { keptText } from './kept-text.ts';
import { resourceOfArn } from './resource-of-arn.ts';

/**
 * The detail-types of Amazon EBS.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-cloud-watch-events.html
 */
export const ebsDetailTypes = [
  'EBS Volume Notification',
  'EBS Snapshot Notification',
  'EBS Multi-Volume Snapshots Completion Status',
] as const;

/** How bad it is that an operation fails; EBS has no scale. What is not listed is a warning. */
const severitiesByEvent: ReadonlyMap<string, Severity> = new Map([
  ['createVolume', 'error'],
  ['attachVolume', 'error'],
  ['reattachVolume', 'error'],
  ['createSnapshot', 'error'],
  ['createSnapshots', 'error'],
]);

/** What says that an operation worked: it resolves the failure of the same operation on the same volume. */
const successes: ReadonlySet<string> = new Set(['available', 'succeeded', 'attached', 'completed', 'optimizing']);

/** Reads an EBS event: an operation that failed is a trigger, the next of its kind that works its resolve. */
export function normaliseEbs(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const { detail } = envelope;
  const operation = read(event, 'detail.event', errors);
  const result = read(event, 'detail.result', errors);
  const name = read(event, 'resources.0', errors);
  if (errors.length > 0) return { kind: 'poison', errors };
  if (result !== 'failed' && !successes.has(result)) return { kind: 'noise', reason: 'not-a-failure' };
  const subject = subjectOf(envelope, name);
  const cause = readOptional(detail, 'cause');
  const parts = {
    format: 'ebs',
    action: result === 'failed' ? ('trigger' as const) : ('resolve' as const),
    key: ['ebs', envelope.account, operation, subject],
    summary: `${resourceOfArn(subject).id}: ${operation} ${result}${cause ? `: ${cause}` : ''}`,
    severity: result === 'failed' ? (severitiesByEvent.get(operation) ?? 'warning') : ('info' as const),
    at: readTime(readOptional(detail, 'endTime') ?? readOptional(detail, 'EndTime')),
    source: name,
    component: 'EBS',
    group: operation,
    class: `${operation} ${result}`,
    details: {
      event: operation,
      result,
      cause: keptText(cause, 1024),
      request_id: readOptional(detail, 'request-id'),
      resources: envelope.resources.slice(0, 10),
    },
    links: [{ href: consoleLink(envelope.region, 'ec2/home', '#Volumes:'), text: 'EBS volumes' }],
    resource: resourceOfArn(subject),
  };
  return eventAlert(envelope, parts, receivedAt);
}

/** A snapshot has a new id each time: what goes on failing is the volume, or the snapshot, that it is made from. */
function subjectOf({ detail }: EventEnvelope, name: string): string {
  const origin = readOptional(detail, 'source') ?? readOptional(detail, 'snapshots.0.source');
  return origin && /^(arn:|vol-|snap-)/.test(origin) ? origin : name;
}
