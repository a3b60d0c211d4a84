import type { AlertResource, EventAction, Severity } from '../../domain/alert.ts';
import { type Fields, read, readOptional, recordsIn } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { eventAlert } from './event-alert.ts';
import { type EventEnvelope, readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { resourceOfArn } from './resource-of-arn.ts';

/**
 * The detail-types of AWS Health.
 * https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 */
export const awsHealthDetailTypes = ['AWS Health Event', 'AWS Health Abuse Event'] as const;

const actionsByStatus: ReadonlyMap<string, EventAction> = new Map([
  ['open', 'trigger'],
  ['upcoming', 'trigger'],
  ['closed', 'resolve'],
]);

/** First row whose fields all match; `undefined` matches anything. Health has no scale of its own: this is what its categories ask of people. */
const severityRules: readonly {
  category?: string;
  scope?: string;
  actionability?: string;
  severity: Severity | 'noise';
}[] = [
  { category: 'issue', scope: 'PUBLIC', severity: 'warning' },
  { category: 'issue', severity: 'error' },
  { category: 'investigation', severity: 'warning' },
  { actionability: 'ACTION_REQUIRED', severity: 'warning' },
  { category: 'accountNotification', actionability: 'INFORMATIONAL', severity: 'noise' },
  { severity: 'info' },
];

/**
 * Reads an AWS Health event. An event that is open is a trigger, one that is closed a resolve.
 * The copy that goes to the backup Region has a `dedup_key` of its own: were it the first to come, the event itself
 * would be dropped as its duplicate. So has every page after the first, which differ in nothing but what is affected: it
 * belongs to the incident of the event, as a contributor does to that of its alarm.
 * https://docs.aws.amazon.com/health/latest/ug/pagnation-of-health-events.html
 */
export function normaliseAwsHealth(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const eventArn = read(event, 'detail.eventArn', errors);
  const service = read(event, 'detail.service', errors);
  const typeCode = read(event, 'detail.eventTypeCode', errors);
  const action = actionOf(envelope, errors);
  if (errors.length > 0 || action === undefined) return { kind: 'poison', errors };
  const severity = severityOf(envelope);
  if (severity === 'noise') return { kind: 'noise', reason: 'informational' };
  const account = readOptional(envelope.detail, 'affectedAccount') ?? envelope.account;
  const region = readOptional(envelope.detail, 'eventRegion') ?? envelope.region;
  const page = readOptional(envelope.detail, 'page') ?? '1';
  const isBackup = readOptional(envelope.detail, 'backupEvent') === 'true';
  // An ARN is the same for every account that an event affects.
  const incidentKey = ['aws-health', eventArn, account, ...(isBackup ? ['backup'] : [])];
  const parts = {
    format: 'aws-health',
    action,
    key: [...incidentKey, ...(page === '1' ? [] : [`page ${page}`])],
    incidentKey,
    summary: summaryOf(envelope, typeCode, region),
    severity,
    at: readTime(envelope.detail['lastUpdatedTime']),
    source: eventArn,
    component: service,
    class: typeCode,
    details: detailsOf(envelope),
    links: [{ href: 'https://health.aws.amazon.com/health/home', text: 'AWS Health Dashboard' }],
    resource: resourceOf(envelope, eventArn, typeCode),
    suppressedBy: isBackup ? ('backup-copy' as const) : undefined,
    account,
    region,
  };
  return eventAlert(envelope, parts, receivedAt);
}

/** AWS's own older samples have no status: such an event is open. */
function actionOf({ detail }: EventEnvelope, errors: FieldError[]): EventAction | undefined {
  const status = readOptional(detail, 'statusCode') ?? 'open';
  const action = actionsByStatus.get(status);
  if (!action) {
    const known = [...actionsByStatus.keys()].join(', ');
    errors.push({ path: 'detail.statusCode', message: `is ${cutText(status, 40)}; expected ${known}` });
  }
  return action;
}

function severityOf({ detail, detailType }: EventEnvelope): Severity | 'noise' {
  if (detailType === 'AWS Health Abuse Event') return 'critical';
  const fields = {
    category: readOptional(detail, 'eventTypeCategory'),
    scope: readOptional(detail, 'eventScopeCode'),
    actionability: readOptional(detail, 'actionability'),
  };
  const rule = severityRules.find(
    (row) =>
      (row.category ?? fields.category) === fields.category &&
      (row.scope ?? fields.scope) === fields.scope &&
      (row.actionability ?? fields.actionability) === fields.actionability,
  );
  return rule?.severity ?? 'info';
}

function summaryOf({ detail }: EventEnvelope, typeCode: string, region: string): string {
  const description = readOptional(detail, 'eventDescription.0.latestDescription');
  return description ? `${typeCode} in ${region}: ${description}` : `${typeCode} in ${region}`;
}

/** The ids of access keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const accessKeyId = /^A(?:KIA|SIA)[A-Z0-9]{12,124}$/;

function resourceOf({ detail, resources }: EventEnvelope, eventArn: string, typeCode: string): AlertResource {
  const name = affectedIn(detail)[0] ?? resources[0];
  if (!name) return { arn: eventArn, type: 'unknown', id: typeCode };
  // A key has no ARN of its own; the event about it stands for it.
  return accessKeyId.test(name) ? { arn: eventArn, type: 'AWS::IAM::AccessKey', id: name } : resourceOfArn(name);
}

function affectedIn(detail: Fields): string[] {
  return recordsIn(detail['affectedEntities']).flatMap((row) => readOptional(row, 'entityValue') ?? []);
}

function detailsOf({ detail, account }: EventEnvelope): Record<string, unknown> {
  const entities = recordsIn(detail['affectedEntities']);
  return {
    category: readOptional(detail, 'eventTypeCategory'),
    scope: readOptional(detail, 'eventScopeCode'),
    status: readOptional(detail, 'statusCode'),
    actionability: readOptional(detail, 'actionability'),
    communication_id: readOptional(detail, 'communicationId'),
    starts: readTime(detail['startTime'])?.toISOString(),
    ends: readTime(detail['endTime'])?.toISOString(),
    delivered_to_account: account,
    page: `${readOptional(detail, 'page') ?? '1'} of ${readOptional(detail, 'totalPages') ?? '1'}`,
    affected: entities.slice(0, 20).map((row) => cutText(readOptional(row, 'entityValue') ?? '', 255)),
    affected_on_this_page: entities.length,
    access_key_id: affectedIn(detail).find((name) => accessKeyId.test(name)),
  };
}
