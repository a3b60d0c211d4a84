import type { AlertResource, SuppressedBy } from '../../domain/alert.ts';
import { type Fields, read, readOptional, recordAt } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { consoleLink, urlPart } from './console-link.ts';
import { eventAlert } from './event-alert.ts';
import { type EventEnvelope, readEnvelope } from './event-envelope.ts';
import { readTime } from './event-time.ts';
import { keptText } from './kept-text.ts';
import { resourceOfArn } from './resource-of-arn.ts';
import { severityScored } from './sender-words.ts';

/**
 * The detail-type of a GuardDuty finding. A finding that goes on comes again under its id.
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
 */
export const guardDutyDetailTypes = ['GuardDuty Finding'] as const;

/** Where a finding names its resource by ARN. */
const arnPaths: readonly string[] = [
  'resource.s3BucketDetails.0.arn',
  'resource.eksClusterDetails.arn',
  'resource.ecsClusterDetails.arn',
  'resource.rdsDbInstanceDetails.dbInstanceArn',
  'resource.lambdaDetails.functionArn',
];

/** The parts of a `dedup_key` of a finding: the same whether it came from GuardDuty or by way of Security Hub. */
export function guardDutyKey(findingId: string): readonly string[] {
  return ['guardduty', findingId];
}

/** Reads a GuardDuty finding. Sample findings are marked: nothing may be done about them. */
export function normaliseGuardDuty(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const { detail } = envelope;
  const id = read(event, 'detail.id', errors);
  const type = read(event, 'detail.type', errors);
  const score = detail['severity'];
  if (!isScore(score)) errors.push({ path: 'detail.severity', message: 'is not a number from 0 to 10' });
  if (errors.length > 0 || !isScore(score)) return { kind: 'poison', errors };
  const account = readOptional(detail, 'accountId') ?? envelope.account;
  const region = readOptional(detail, 'region') ?? envelope.region;
  const service = recordAt(detail, 'service');
  const parts = {
    format: 'guardduty',
    action: service['archived'] === true ? ('resolve' as const) : ('trigger' as const),
    key: guardDutyKey(id),
    summary: readOptional(detail, 'title') ?? type,
    severity: severityScored(score),
    at: readTime(detail['updatedAt']),
    source: readOptional(detail, 'arn') ?? id,
    component: 'GuardDuty',
    group: readOptional(detail, 'resource.resourceType'),
    class: type,
    details: detailsOf(detail, service),
    links: [
      {
        href: consoleLink(region, 'guardduty/home', `#/findings?search=id%3D${urlPart(id)}`),
        text: 'Finding in GuardDuty',
      },
    ],
    resource: resourceOf(envelope, { account, id }),
    suppressedBy: suppressionOf(detail, service),
    account,
    region,
  };
  return eventAlert(envelope, parts, receivedAt);
}

function isScore(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 10;
}

function suppressionOf(detail: Fields, service: Fields): SuppressedBy | undefined {
  const more = recordAt(service, 'additionalInfo');
  const isSample =
    readOptional(detail, 'title')?.startsWith('[SAMPLE]') ||
    more['sample'] === true ||
    /"sample"\s*:\s*true/.test(readOptional(more, 'value') ?? '');
  return isSample ? 'sample' : undefined;
}

function resourceOf({ detail }: EventEnvelope, finding: { account: string; id: string }): AlertResource {
  const partition = readOptional(detail, 'partition') ?? 'aws';
  const region = readOptional(detail, 'region') ?? '';
  const instance = readOptional(detail, 'resource.instanceDetails.instanceId');
  if (instance) return resourceOfArn(`arn:${partition}:ec2:${region}:${finding.account}:instance/${instance}`);
  // In a finding about something else, the access key only says who did it. So it does where somebody opened a bucket, though
  // GuardDuty calls the key its resource: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-s3.html
  const named = arnPaths.flatMap((path) => readOptional(detail, path) ?? [])[0];
  const isOfKey = readOptional(detail, 'resource.resourceType') === 'AccessKey';
  const isOfPolicy = readOptional(detail, 'type')?.startsWith('Policy:S3/') ?? false;
  if (named && (isOfPolicy || !isOfKey)) return resourceOfArn(named);
  const user = readOptional(detail, 'resource.accessKeyDetails.userName');
  const userType = readOptional(detail, 'resource.accessKeyDetails.userType');
  if (user && userType === 'IAMUser') return resourceOfArn(`arn:${partition}:iam::${finding.account}:user/${user}`);
  if (user) return { type: userType === 'AssumedRole' ? 'AWS::IAM::Role' : 'unknown', id: user };
  const arn = named ?? readOptional(detail, 'arn');
  return arn ? resourceOfArn(arn) : { type: 'unknown', id: finding.id };
}

function detailsOf(detail: Fields, service: Fields): Record<string, unknown> {
  return {
    finding_id: readOptional(detail, 'id'),
    description: keptText(readOptional(detail, 'description'), 1024),
    vendor_severity: detail['severity'],
    count: typeof service['count'] === 'number' ? service['count'] : undefined,
    first_seen: readTime(service['eventFirstSeen'])?.toISOString(),
    last_seen: readTime(service['eventLastSeen'])?.toISOString(),
    action_type: readOptional(service, 'action.actionType'),
    access_key_id: readOptional(detail, 'resource.accessKeyDetails.accessKeyId'),
    user_type: readOptional(detail, 'resource.accessKeyDetails.userType'),
  };
}
