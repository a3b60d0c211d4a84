import type { Incident, RemediationState, TimelineEntry } from './incident.ts';
import { recordedElsewhere } from './recorded-elsewhere.ts';
import type { Here } from './triage/is-elsewhere.ts';

/** How a runbook did in one incident: what its mode is raised by. */
export interface TrackRecord {
  readonly incident_id: string;
  readonly runbook: string;
  readonly mode: Incident['mode'];
  readonly resource: { readonly arn?: string; readonly type: string; readonly id: string };
  /** `proposed`: it observed, and this is what it would have done. */
  readonly ending: RemediationState;
  /** Why CloudTrail of this account and Region does not know what people did to it, where that is so. */
  readonly recorded_elsewhere?: string;
  /** What it did or would have done, as people were told. */
  readonly action: string;
  /** Who approved or refused it, where somebody was asked. */
  readonly answered_by?: string;
  /** ISO 8601 with milliseconds, as the end below. */
  readonly opened_at: string;
  readonly ended_at: string;
}

/** A change that somebody made to a resource, as CloudTrail knows it. */
export interface ResourceChange {
  /** Such as `StopInstances`. */
  readonly event_name: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * What people did where the runbook only observed. `same`: what it would have done and nothing else. `different`: they
 * changed something else. `nothing`: nobody changed the resource, and it recovered by itself or elsewhere.
 */
export type Agreement = 'same' | 'different' | 'nothing';

const saidByAction: readonly TimelineEntry['kind'][] = [
  'proposed',
  'automation-started',
  'approval-requested',
  'remediation-refused',
];

/** What an incident adds to its runbook's record `here`; undefined where the runbook wanted to change nothing. */
export function trackRecordOf(
  incident: Incident,
  timeline: readonly TimelineEntry[],
  now: Date,
  here: Here,
): TrackRecord | undefined {
  if (incident.remediation === 'none') return undefined;
  const { id, runbook, mode, alert, remediation, opened_at, resolved_at } = incident;
  const action = timeline.find(({ kind }) => saidByAction.includes(kind))?.text ?? '';
  const recorded_elsewhere = recordedElsewhere(alert, here);
  const answer = timeline.findLast(({ kind }) => kind === 'approved' || kind === 'approval-refused');
  return {
    incident_id: id,
    runbook,
    mode,
    resource: alert.resource,
    ...(recorded_elsewhere && { recorded_elsewhere }),
    ending: remediation,
    action,
    ...(answer && { answered_by: answer.by }),
    opened_at,
    ended_at: resolved_at ?? now.toISOString(),
  };
}

/** Compares what people changed with what the runbook may change: its mutations, such as `ec2:StopInstances`. */
export function agreementOf(changes: readonly ResourceChange[], mutations: readonly string[]): Agreement {
  if (changes.length === 0) return 'nothing';
  const own = new Set(mutations.map((action) => action.split(':')[1]));
  return changes.every(({ event_name }) => own.has(actionOf(event_name))) ? 'same' : 'different';
}

/** The version of its API that a service puts behind the name: `UpdateAlias20150331`, `TagResource20170331v2`. */
const apiVersion = /\d{4}_?\d{2}_?\d{2}(?:v\d+)?$/;

/** Events whose action IAM knows by another name. */
const otherNames: Readonly<Record<string, string>> = { PutPublicAccessBlock: 'PutBucketPublicAccessBlock' };

/**
 * The action that IAM checks for an event of CloudTrail.
 * https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
 */
function actionOf(eventName: string): string {
  const call = eventName.replace(apiVersion, '');
  return otherNames[call] ?? call;
}
