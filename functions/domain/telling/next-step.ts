import type { Incident, TimelineEntry } from '../incident.ts';
import { clockTimeOf } from './clock-time.ts';
import { cutText, oneLine } from './plain-text.ts';
import { standingOf } from './status.ts';

/** What happens now, and what a person has to do about it, in a sentence or two. */
export function nextStepOf(incident: Incident, timeline: readonly TimelineEntry[]): string {
  switch (standingOf(incident, timeline)) {
    case 'closed':
    case 'resolved':
      return timeline.some(({ kind }) => kind === 'given-up')
        ? 'Handsoff watches it no longer, and it may still fire: look at the alarm and at the resource by hand.'
        : 'Nothing is left to do.';
    case 'awaiting-approval':
      return approvalStep(timeline);
    case 'answered':
      return 'The answer is in and is being followed. Nothing needs to be done yet.';
    case 'watching':
      return 'The alarm is OK. Handsoff is seeing whether it stays so; nothing needs to be done yet.';
    case 'repairing':
      return `The runbook ${incident.runbook} is repairing it. Nothing needs to be done yet; a person is called if it does not recover.`;
    case 'needs-human':
      if (incident.status === 'resolved')
        return 'A person has to look at the resource by hand, although the incident is over.';
      return `A person has to take over: ${incident.status === 'triggered' ? 'acknowledge, ' : ''}look at what was found, and repair it by hand.`;
    case 'acknowledged':
      return `${ownerOf(incident)} is on it. It ends when the alarm recovers or somebody resolves it.`;
    case 'triggered':
      return firstStep(incident);
  }
}

function approvalStep(timeline: readonly TimelineEntry[]): string {
  const approval = timeline.findLast((entry) => entry.approval)?.approval;
  const until = approval ? ` until ${clockTimeOf(approval.expires_at)}` : '';
  return `An approver has to answer in Slack${until}. Without an answer nothing is changed, and a person is called.`;
}

function firstStep({ runbook, mode }: Incident): string {
  if (mode === 'act')
    return `The runbook ${runbook} is at work and may repair it. A person is called only if it cannot.`;
  if (mode === 'approve')
    return `The runbook ${runbook} finds out what it can and asks before it changes anything. A person is called with its question.`;
  return `The runbook ${runbook} only looks, and calls a person with what it found.`;
}

function ownerOf(incident: Incident): string {
  return cutText(oneLine(incident.acknowledged_by ?? 'Somebody'), 100);
}
