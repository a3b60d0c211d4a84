import type { Incident, TimelineEntry } from './incident.ts';

/**
 * What it means for an incident that an execution working on it ended badly. A repair that nobody proves any more has
 * failed; its lease stays until it expires, because what it had begun may still be at work. Undefined when it is over.
 */
export function failedExecutionChange(
  incident: Incident,
  machine: string,
  status: string,
  now: Date,
): { entry: Omit<TimelineEntry, 'seq' | 'at'>; patch: Partial<Incident> } | undefined {
  if (incident.status === 'resolved') return undefined;
  const text = `${machine} itself ended ${status}: what it had begun is not known, and nobody of us works on this any more.`;
  const entry = { id: `automation-failed#${machine}`, kind: 'automation-failed' as const, by: 'handsoff', text };
  const wasAtWork = incident.remediation === 'running' || incident.remediation === 'awaiting-approval';
  const remediation = wasAtWork ? { remediation: 'failed' as const } : {};
  if (incident.symptom !== 'clear') return { entry, patch: remediation };
  return { entry, patch: { ...remediation, status: 'resolved', resolved_at: now.toISOString() } };
}
