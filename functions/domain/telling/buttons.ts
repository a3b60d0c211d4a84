import type { Incident, TimelineEntry } from '../incident.ts';
import { cutText, oneLine } from './plain-text.ts';
import { isAnswered } from './status.ts';

/** What a person can do from a message. */
export const buttonActions = ['acknowledge', 'approve', 'refuse', 'resolve'] as const;
export type ButtonAction = (typeof buttonActions)[number];

/** A button: it carries an opaque id and nothing that could be changed on the way. */
export interface Button {
  readonly action: ButtonAction;
  readonly label: string;
  /** The incident's id for `acknowledge` and `resolve`, the approval's for `approve` and `refuse`. */
  readonly value: string;
  /** Asked again before it counts. */
  readonly confirm?: string;
}

/** The buttons that make sense now, in the order in which they are shown. */
export function buttonsFor(incident: Incident, timeline: readonly TimelineEntry[]): Button[] {
  if (incident.status === 'resolved') return [];
  const acknowledge: Button = { action: 'acknowledge', label: 'Acknowledge', value: incident.id };
  const resolve: Button = {
    action: 'resolve',
    label: 'Resolve',
    value: incident.id,
    confirm:
      'This ends the incident for everybody. A repair that has begun goes on; a person is called only if it fails.',
  };
  return [...approvalButtons(incident, timeline), ...(incident.status === 'triggered' ? [acknowledge] : []), resolve];
}

function approvalButtons(incident: Incident, timeline: readonly TimelineEntry[]): Button[] {
  if (incident.remediation !== 'awaiting-approval') return [];
  const request = timeline.findLast((entry) => entry.kind === 'approval-requested' && entry.approval);
  if (!request?.approval || isAnswered(timeline)) return [];
  const { id } = request.approval;
  const confirm = cutText(oneLine(request.text), 300);
  return [
    { action: 'approve', label: 'Approve', value: id, confirm },
    { action: 'refuse', label: 'Refuse', value: id },
  ];
}
