import type { Approval } from './approval.ts';
import type { TimelineChange } from './incident.ts';
import type { PermittedRemediation } from './permitted-remediation.ts';

/** The question to a person, and the line of the timeline that asks it. Its time is minutes; silence means no. */
export function requestApproval(
  incidentId: string,
  remediation: PermittedRemediation,
  now: Date,
): { approval: Approval; change: TimelineChange } {
  const { id, approvers, expires_seconds } = remediation.approval;
  const expires_at = new Date(now.getTime() + expires_seconds * 1000).toISOString();
  const by = `runbook:${remediation.runbook}`;
  const approval: Approval = {
    id,
    incident_id: incidentId,
    status: 'pending',
    approvers: [...approvers],
    asked_by: by,
    expires_at,
    parameters_hash: id,
  };
  const entry = {
    id: `approval-requested#${id}`,
    kind: 'approval-requested' as const,
    by,
    text: `May it do this? ${remediation.text} Without an answer nothing is changed.`,
    approval: { id, expires_at, approvers },
  };
  return { approval, change: { entry, patch: { remediation: 'awaiting-approval' } } };
}
