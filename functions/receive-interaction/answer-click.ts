import {
  type IncidentChange,
  type IncidentStore,
  type RecordOutcome,
  UnknownIncidentError,
} from '../adapters/incident-store.ts';
import { type Approval, type ApprovalRefusal, approvalRefusalSentences, decideApproval } from '../domain/approval.ts';
import type { Incident } from '../domain/incident.ts';
import type { Click } from './read-click.ts';

export type ClickIncidents = Pick<IncidentStore, 'record' | 'readIncident' | 'readApproval' | 'settleApproval'>;

/** Why a click changes nothing. */
export type ClickRefusal = ApprovalRefusal | 'unknown-incident' | 'already-answered' | 'incident-over';

/** What became of a click; the closed union behind the audit line and the metric. */
export type ClickOutcome =
  | { readonly outcome: 'accepted'; readonly incidentId: string }
  | { readonly outcome: 'refused'; readonly reason: ClickRefusal };

/** What the person who clicked is told when it changes nothing. */
export const refusalSentences: Readonly<Record<ClickRefusal, string>> = {
  ...approvalRefusalSentences,
  'unknown-incident': 'This incident is not known here any more.',
  'already-answered': 'Somebody was quicker: this was already done, or the incident is over.',
  'incident-over': 'This incident is over, so nothing needs to be decided. Nothing was changed.',
};

/** Records what a click asks for. It changes no system: whoever waits for the answer hears of the new line. */
export async function answerClick(click: Click, incidents: ClickIncidents, now: Date): Promise<ClickOutcome> {
  switch (click.action) {
    case 'acknowledge':
      return recordChange(click.value, (current) => acknowledgement(current, click.by, now), incidents, now);
    case 'resolve':
      return recordChange(click.value, (current) => resolution(current, click.by, now), incidents, now);
    case 'approve':
    case 'refuse':
      return answerApproval(click, incidents, now);
  }
}

function acknowledgement(current: Incident, by: string, now: Date): IncidentChange | undefined {
  if (current.status !== 'triggered') return undefined;
  const entry = { id: 'acknowledged', kind: 'acknowledged', by, text: 'Acknowledged in chat.' } as const;
  return { entry, patch: { status: 'acknowledged', acknowledged_at: now.toISOString(), acknowledged_by: by } };
}

function resolution(current: Incident, by: string, now: Date): IncidentChange | undefined {
  if (current.status === 'resolved') return undefined;
  const patch = { status: 'resolved', resolved_at: now.toISOString() } as const;
  return { entry: { id: 'resolved', kind: 'resolved', by, text: 'Resolved by hand in chat.' }, patch };
}

async function recordChange(
  incidentId: string,
  change: (current: Incident) => IncidentChange | undefined,
  incidents: ClickIncidents,
  now: Date,
): Promise<ClickOutcome> {
  try {
    const outcome: RecordOutcome = await incidents.record(incidentId, change, now);
    return outcome === 'recorded' ? { outcome: 'accepted', incidentId } : refuse('already-answered');
  } catch (error) {
    if (error instanceof UnknownIncidentError) return refuse('unknown-incident');
    throw error;
  }
}

async function answerApproval(
  { action, value, userId, by }: Click,
  incidents: ClickIncidents,
  now: Date,
): Promise<ClickOutcome> {
  const approval = await incidents.readApproval(value);
  const decision = action === 'approve' ? 'approved' : 'refused';
  const checked = decideApproval(approval, { by: userId, decision, now });
  if (!approval) return refuse('unknown-approval');
  if (checked.decision === 'refuse')
    return checked.reason === 'already-used' ? finishAnswer(approval, incidents, now) : refuse(checked.reason);
  const incident = await incidents.readIncident(approval.incident_id);
  if (!incident || incident.status === 'resolved') return refuse(incident ? 'incident-over' : 'unknown-incident');
  if (!(await incidents.settleApproval(approval.id, decision, by, now))) return refuse('already-used');
  return recordAnswer(approval, decision, by, incidents, now);
}

/** An answer that was settled but not recorded, because the function died in between, is recorded by the next click. */
async function finishAnswer(approval: Approval, incidents: ClickIncidents, now: Date): Promise<ClickOutcome> {
  const { status } = approval;
  if (status === 'pending' || status === 'used' || !approval.decided_by) return refuse('already-used');
  await recordAnswer(approval, status, approval.decided_by, incidents, now);
  return refuse('already-used');
}

async function recordAnswer(
  { id, incident_id }: Approval,
  decision: 'approved' | 'refused',
  by: string,
  incidents: ClickIncidents,
  now: Date,
): Promise<ClickOutcome> {
  const kind = decision === 'approved' ? 'approved' : 'approval-refused';
  const text = decision === 'approved' ? 'The change was approved in chat.' : 'The change was refused in chat.';
  const entry = { id: `${kind}#${id}`, kind, by, text, details: { approval_id: id } } as const;
  const change = ({ status }: Incident) => (status === 'resolved' ? undefined : { entry, patch: {} });
  return recordChange(incident_id, change, incidents, now);
}

function refuse(reason: ClickRefusal): ClickOutcome {
  return { outcome: 'refused', reason };
}
