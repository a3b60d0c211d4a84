import {
  type AlertResource,
  type EventAction,
  severities,
  type Severity,
  type SuppressedBy,
} from '../../domain/alert.ts';
import { type Fields, read, readOptional, recordsIn, valueAt } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { consoleLink } from './console-link.ts';
import { eventAlert, type EventAlertParts } from './event-alert.ts';
import { type EventEnvelope, readEnvelope } from './event-envelope.ts';
import { guardDutyKey } from './guardduty.ts';
import type { Hearing } from './hearing.ts';
import { keptText } from './kept-text.ts';
import { resourceOfArn } from './resource-of-arn.ts';
import { severityNamed, severityScored } from './sender-words.ts';

/**
 * The detail-types of Security Hub CSPM that carry findings in the AWS Security Finding Format.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
export const securityHubDetailTypes = [
  'Security Hub Findings - Imported',
  'Security Hub Findings - Custom Action',
] as const;

/**
 * What a finding asks for: the first row whose field has the value decides.
 * `NOTIFIED` says that the owner of the resource was told: that is an acknowledgement.
 */
const actionRules: readonly { path: string; value: string; action: EventAction | 'noise' }[] = [
  { path: 'RecordState', value: 'ARCHIVED', action: 'resolve' },
  { path: 'Workflow.Status', value: 'RESOLVED', action: 'resolve' },
  { path: 'WorkflowState', value: 'RESOLVED', action: 'resolve' },
  { path: 'Compliance.Status', value: 'PASSED', action: 'resolve' },
  { path: 'Compliance.Status', value: 'NOT_AVAILABLE', action: 'noise' },
  { path: 'Workflow.Status', value: 'NOTIFIED', action: 'acknowledge' },
];

/**
 * Reads a Security Hub finding, or those that a person sent with a custom action: these are one alert.
 * It is ordered by the time of the event, as `UpdatedAt` stays when a person changes the workflow of a finding.
 */
export function normaliseSecurityHub(event: Fields, receivedAt: Date, hearing: Hearing): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const findings = recordsIn(envelope.detail['findings']);
  if (findings.length === 0) errors.push({ path: 'detail.findings', message: 'is missing or has no finding' });
  findings.forEach((finding, index) => checkFinding(finding, index, errors));
  const [first] = findings;
  if (errors.length > 0 || !first) return { kind: 'poison', errors };
  const isCustom = envelope.detailType === 'Security Hub Findings - Custom Action';
  const action = isCustom ? 'trigger' : actionOf(first);
  if (action === 'noise') return { kind: 'noise', reason: 'not-a-failure' };
  const isCopy = action === 'trigger' && !isCustom && isHeardFromGuardDuty(first, envelope, hearing);
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more findings)` : '';
  const parts: EventAlertParts = {
    format: 'security-hub',
    action,
    key: [...keyOf(findings), ...(isCopy ? ['copy'] : [])],
    summary: `${keptText(readOptional(first, 'Title'), 900)}${more}`,
    severity: worstOf(findings.map(severityOf)),
    source: readOptional(first, 'Id') ?? '',
    component: readOptional(first, 'ProductName') ?? productOf(first),
    group: readOptional(first, 'GeneratorId'),
    class: readOptional(first, 'Types.0'),
    details: detailsOf(first, envelope, findings.length),
    links: [{ href: consoleLink(envelope.region, 'securityhub/home', '#/findings'), text: 'Findings in Security Hub' }],
    resource: resourceOf(first),
    suppressedBy: suppressionOf(first, isCustom, isCopy),
    account: readOptional(first, 'AwsAccountId'),
    region: readOptional(first, 'Resources.0.Region'),
  };
  return eventAlert(envelope, parts, receivedAt);
}

function checkFinding(finding: Fields, index: number, errors: FieldError[]): void {
  for (const path of ['Id', 'ProductArn', 'Title']) {
    const own: FieldError[] = [];
    read(finding, path, own);
    errors.push(...own.map(({ message }) => ({ path: `detail.findings.${index}.${path}`, message })));
  }
}

function actionOf(finding: Fields): EventAction | 'noise' {
  return actionRules.find(({ path, value }) => readOptional(finding, path) === value)?.action ?? 'trigger';
}

/** The product is set by AWS, and its account is empty for AWS's own; the id is what whoever imports a finding likes. */
const ofGuardDuty = /^arn:[a-z-]+:securityhub:[a-z0-9-]+::product\/aws\/guardduty$/;
const originalId = /^arn:[a-z-]+:guardduty:([a-z0-9-]+:\d{12}):.*\/finding\/([^/\s]+)$/;

/** What GuardDuty itself calls a finding that Security Hub has from it: where it was found, and its id. */
function originalOf(finding: Fields): { place: string; id: string } | undefined {
  if (!ofGuardDuty.test(readOptional(finding, 'ProductArn') ?? '')) return undefined;
  const [, place, id] = originalId.exec(readOptional(finding, 'Id') ?? '') ?? [];
  return place && id ? { place, id } : undefined;
}

/** A finding that Security Hub has from GuardDuty is the same cause as GuardDuty's own event about it. */
function keyOf(findings: readonly Fields[]): readonly string[] {
  const ids = findings.map((finding) => `${readOptional(finding, 'ProductArn')}\n${readOptional(finding, 'Id')}`);
  const [finding = {}] = findings;
  const original = ids.length === 1 ? originalOf(finding) : undefined;
  return original ? guardDutyKey(original.id) : ['security-hub', ...ids.toSorted()];
}

/**
 * Whether GuardDuty tells of a finding by itself, as it does in the account and the Region where it was found. Then this is
 * a copy, with a `dedup_key` of its own: which of the two comes first must not decide who reads it. What a person makes of the
 * finding in Security Hub is no copy.
 */
function isHeardFromGuardDuty(
  finding: Fields,
  envelope: EventEnvelope,
  { aws_events, here = envelope }: Hearing,
): boolean {
  return aws_events.includes('guardduty') && originalOf(finding)?.place === `${here.region}:${here.account}`;
}

function suppressionOf(finding: Fields, isCustom: boolean, isCopy: boolean): SuppressedBy | undefined {
  if (readOptional(finding, 'Workflow.Status') === 'SUPPRESSED' && !isCustom) return 'mute';
  return isCopy ? 'security-hub-copy' : undefined;
}

/** A finding must have a label or a number; one with neither is an error until a person has looked. */
function severityOf(finding: Fields): Severity {
  const label =
    readOptional(finding, 'Severity.Label') ?? readOptional(finding, 'FindingProviderFields.Severity.Label');
  const number = valueAt(finding, 'Severity.Normalized');
  return severityNamed(label) ?? (typeof number === 'number' ? severityScored(number / 10) : 'error');
}

function worstOf(found: readonly Severity[]): Severity {
  return severities.find((severity) => found.includes(severity)) ?? 'info';
}

function productOf(finding: Fields): string | undefined {
  return readOptional(finding, 'ProductArn')?.split('/').at(-1);
}

function resourceOf(finding: Fields): AlertResource {
  const id = readOptional(finding, 'Resources.0.Id') ?? readOptional(finding, 'Id') ?? '';
  return resourceOfArn(id);
}

function detailsOf(finding: Fields, { detail }: EventEnvelope, count: number): Record<string, unknown> {
  return {
    finding_id: readOptional(finding, 'Id'),
    findings: count,
    description: keptText(readOptional(finding, 'Description'), 1024),
    compliance: readOptional(finding, 'Compliance.Status'),
    control_id: readOptional(finding, 'Compliance.SecurityControlId'),
    workflow: readOptional(finding, 'Workflow.Status') ?? readOptional(finding, 'WorkflowState'),
    record_state: readOptional(finding, 'RecordState'),
    resource_type: readOptional(finding, 'Resources.0.Type'),
    updated_at: readOptional(finding, 'UpdatedAt'),
    ...(readOptional(detail, 'actionName') && { custom_action: readOptional(detail, 'actionName') }),
  };
}
