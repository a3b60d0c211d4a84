import type { EventAction, Severity } from '../../domain/alert.ts';
import { type Fields, read, readOptional, stringsIn } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { consoleLink } from './console-link.ts';
import { eventAlert } from './event-alert.ts';
import { readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { keptText } from './kept-text.ts';
import { rdsHarmless, rdsMeanings } from './rds-event-meanings.ts';
import { resourceOfArn } from './resource-of-arn.ts';

/**
 * The detail-types of Amazon RDS that Handsoff reads.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-rds.html
 */
export const rdsDetailTypes = [
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
] as const;

/** An event that is not told by its id is told by its category. Any other category is no failure. */
const severitiesByCategory: ReadonlyMap<string, Severity> = new Map([
  ['failure', 'error'],
  ['low storage', 'warning'],
]);

/** Reads an RDS event by its `EventID`, and one that Handsoff does not know by its category. */
export function normaliseRds(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const { detail } = envelope;
  const arn = read(event, 'detail.SourceArn', errors);
  if (errors.length > 0) return { kind: 'poison', errors };
  const categories = stringsIn(detail['EventCategories']);
  // AWS's own older samples have no id.
  const eventId = readOptional(detail, 'EventID') ?? '';
  const resource = resourceOfArn(arn);
  const meaning = meaningOf(eventId, categories);
  if (!meaning) return { kind: 'noise', reason: 'not-a-failure' };
  const parts = {
    format: 'rds',
    action: meaning.action,
    key: ['rds', arn, meaning.topic],
    summary: `${resource.id}: ${readOptional(detail, 'Message') ?? eventId}`,
    severity: meaning.severity,
    at: readTime(detail['Date']),
    source: arn,
    component: 'RDS',
    group: meaning.topic,
    class: eventId || categories[0],
    details: {
      event_id: eventId,
      categories: categories.slice(0, 10),
      source_type: readOptional(detail, 'SourceType'),
      message: keptText(readOptional(detail, 'Message'), 1024),
    },
    links: [{ href: consoleLink(envelope.region, 'rds/home', '#databases:'), text: 'Amazon RDS' }],
    resource,
  };
  return eventAlert(envelope, parts, receivedAt);
}

function meaningOf(
  eventId: string,
  categories: readonly string[],
): { topic: string; action: EventAction; severity: Severity } | undefined {
  if (rdsHarmless.has(eventId)) return undefined;
  const known = rdsMeanings.get(eventId);
  if (known) return known;
  const category = categories.find((name) => severitiesByCategory.has(name)) ?? '';
  const severity = severitiesByCategory.get(category);
  return severity && { topic: eventId || category, action: 'trigger', severity };
}
