import type { Incident, TimelineEntry } from '../../../../functions/domain/incident.ts';
import { anEntry } from '../../../support/an-entry.ts';
import { anIncident } from '../../../support/an-incident.ts';

const approval = { id: 'a'.repeat(32), expires_at: '2026-11-02T03:15:00.000Z', approvers: ['U1'] };

/** The timeline of an incident whose repair was asked for, approved, made and proven. */
export const fullTimeline: readonly TimelineEntry[] = [
  anEntry({ kind: 'triggered', seq: 1, text: 'The disk of checkout-1 is nearly full.' }),
  anEntry({
    kind: 'diagnosed',
    seq: 2,
    at: '2026-11-02T03:00:12.000Z',
    by: 'runbook:disk-space-low',
    findings: [
      { diagnostic: 'scheduled-events', verdict: 'healthy', summary: 'AWS plans nothing.' },
      { diagnostic: 'disk-usage', verdict: 'unhealthy', summary: '/var is 93 % full.' },
    ],
  }),
  anEntry({
    kind: 'approval-requested',
    id: `approval-requested#${approval.id}`,
    seq: 3,
    at: '2026-11-02T03:00:14.000Z',
    text: 'May it do this? Compress logs below /var/log.',
    approval,
  }),
  anEntry({
    kind: 'approved',
    id: `approved#${approval.id}`,
    seq: 4,
    at: '2026-11-02T03:03:00.000Z',
    by: 'robin (slack:U1)',
    text: 'The change was approved in chat.',
  }),
  anEntry({
    kind: 'automation-started',
    seq: 5,
    at: '2026-11-02T03:03:02.000Z',
    by: 'runbook:disk-space-low',
    text: 'Compress logs below /var/log.',
  }),
  anEntry({
    kind: 'resolved',
    seq: 6,
    at: '2026-11-02T03:09:05.000Z',
    by: 'runbook:disk-space-low',
    text: 'Recovered, and stayed so.',
  }),
];

/** The first `count` lines of it. */
export function timelineUpTo(count: number): TimelineEntry[] {
  return fullTimeline.slice(0, count);
}

/** Its incident, as the test wishes it to stand. */
export function diskIncident(wishes: Partial<Incident> = {}): Incident {
  return anIncident({ runbook: 'disk-space-low', mode: 'approve', title: 'Disk space low · checkout-1', ...wishes });
}
