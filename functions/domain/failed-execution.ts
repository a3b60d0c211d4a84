import { afterChange, type Incident, type TimelineChange } from './incident.ts';
import { lockSentence } from './remediation-outcome.ts';

/** An execution of ours that ended badly. */
export interface FailedExecution {
  /** Name of its state machine. */
  readonly machine: string;
  /** Step Functions' own word, such as `TIMED_OUT`. */
  readonly status: string;
  /** What has become of the automations that it had begun, one sentence each. */
  readonly automations: readonly string[];
}

/** Whether this machine is the one that changes systems. */
export function isRemediate(machine: string): boolean {
  return machine === 'handsoff-remediate';
}

/**
 * What it means for an incident that an execution working on it ended badly. A repair that nobody proves any more has
 * failed; its lease stays until it expires, because what it had begun may still be at work. That the alarm is OK
 * resolves nothing here. Undefined when the incident is over and no repair was under way.
 */
export function failedExecutionChange(incident: Incident, failed: FailedExecution): TimelineChange | undefined {
  const { machine } = failed;
  const state = isRemediate(machine) ? incident.remediation : 'none';
  if (incident.status === 'resolved' && state !== 'running') return undefined;
  const text = sentenceOf(incident, failed);
  const entry = { id: `handsoff-failed#${machine}`, kind: 'handsoff-failed' as const, by: 'handsoff', text };
  if (state === 'running') return { entry, patch: { remediation: 'failed' } };
  return { entry, patch: state === 'awaiting-approval' ? { remediation: 'refused' } : {} };
}

/**
 * Calls a person after a remediation that may have left something behind, also to an incident that was resolved
 * meanwhile. The runbook's own call about the same end has the same id, so that there is one. Undefined where nothing
 * was changed: whoever started the execution, or the rule on failed ones, tells people of that.
 */
export function failedExecutionCall(incident: Incident, failed: FailedExecution): TimelineChange | undefined {
  if (!isRemediate(failed.machine) || !afterChange.includes(incident.remediation)) return undefined;
  const text = `A person is needed. ${sentenceOf(incident, failed)}`;
  return { entry: { id: 'needs-human', kind: 'needs-human', by: 'handsoff', text }, patch: {} };
}

function sentenceOf(incident: Incident, { machine, status, automations }: FailedExecution): string {
  const text = `${machine} itself ended ${status}: nobody of us works on this any more.`;
  if (!isRemediate(machine)) return text;
  const hasChanged = incident.remediation === 'running' || afterChange.includes(incident.remediation);
  return [text, ...automations, hasChanged ? lockSentence(incident) : ''].filter(Boolean).join(' ');
}
