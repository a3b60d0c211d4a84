import { join } from 'node:path';
import type { TimelineEntry } from '../functions/domain/incident.ts';
import type { ExecutionView } from '../sandbox/states/step-functions.ts';
import { isReading } from '../rehearsal/changing-calls.ts';
import type { LocalStack } from '../rehearsal/local-stack.ts';
import type { Rehearsal } from '../rehearsal/rehearsal-file.ts';

/** What a demonstration came to, for the summary and for `--json`. */
export interface DemonstrationResult {
  readonly incidentId: string;
  readonly outcome: 'recovered' | 'not-recovered';
  /** Seconds of the incident's own time, from the alarm to the resolution. */
  readonly incidentSeconds: number;
  /** Real milliseconds from the alarm to the first message that has the diagnosis. */
  readonly toldWithDiagnosisMs: number | null;
  /** Real milliseconds of the whole demonstration. */
  readonly elapsedMs: number;
  /** Standard transitions by state machine; `intake` is EXPRESS and has none. */
  readonly transitions: Readonly<Record<string, number>>;
  /** Calls that changed something in AWS, in order. */
  readonly changes: readonly string[];
  readonly published: readonly { readonly urgency: string; readonly subject: string }[];
  readonly slack: { readonly messages: number; readonly edits: number; readonly threadLines: number };
  /** Anything that went wrong in the sandbox itself. */
  readonly faults: readonly string[];
}

/** Told of every line of a timeline as it is written. */
export type Watch = (entry: TimelineEntry, incidentId: string) => void;

/** Where the demonstration's rehearsal is. */
export function demonstrationFile(projectRoot: string): string {
  return join(projectRoot, 'statemachines/runbooks/ec2-status-check-failed/rehearsals/restart-recovers.yaml');
}

/** Plays a rehearsal's event on a stack until nothing is left to happen, and says what came of it. */
export async function demonstrate(stack: LocalStack, rehearsal: Rehearsal, watch: Watch): Promise<DemonstrationResult> {
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  stack.onEntry(watch);
  let toldWithDiagnosisMs: number | null = null;
  const look = setInterval(() => {
    toldWithDiagnosisMs ??= isDiagnosisTold(stack) ? elapsed() : null;
  }, 5);
  stack.sandbox.deliver(rehearsal.event);
  await stack.sandbox.run();
  clearInterval(look);
  const [incident] = await stack.incidents();
  const openedAt = Date.parse(incident?.opened_at ?? '');
  return {
    incidentId: incident?.id ?? '',
    outcome: incident?.remediation === 'recovered' && incident.status === 'resolved' ? 'recovered' : 'not-recovered',
    incidentSeconds: (Date.parse(incident?.resolved_at ?? '') - openedAt) / 1000,
    toldWithDiagnosisMs,
    elapsedMs: elapsed(),
    transitions: transitionsByMachine(stack.sandbox.machines.executions()),
    changes: changesIn(stack),
    published: stack.sandbox.topics.published().map(({ topicArn, subject }) => ({
      urgency: topicArn.endsWith('high-urgency') ? 'high' : 'low',
      subject: subject ?? '',
    })),
    slack: slackCounts(stack),
    faults: stack.faults().map(String),
  };
}

/** Standard transitions by state machine; what AWS bills. */
export function transitionsByMachine(executions: readonly ExecutionView[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { machineArn, transitions } of executions) {
    const name = machineArn.replace(/^.*:handsoff-/, '');
    if (name !== 'intake') counts[name] = (counts[name] ?? 0) + transitions;
  }
  return counts;
}

function isDiagnosisTold(stack: LocalStack): boolean {
  return stack.sandbox.topics.published().some(({ subject }) => subject?.includes('DIAGNOSED'));
}

/** What the world was asked to change: everything it was asked that does not only look. */
function changesIn({ sandbox }: LocalStack): string[] {
  const changing = sandbox.world.calls().filter((call) => !isReading(call));
  const commands = sandbox.world
    .commands()
    .map(({ documentName, instanceId }) => `ssm:SendCommand ${documentName} on ${instanceId}`);
  return [...changing.map(({ service, operation }) => `${service}:${operation}`), ...commands];
}

function slackCounts({ slack }: LocalStack): DemonstrationResult['slack'] {
  const messages = slack.messages();
  const roots = messages.filter(({ threadTs }) => threadTs === undefined);
  return {
    messages: roots.length,
    edits: roots.reduce((sum, { edits }) => sum + edits, 0),
    threadLines: messages.length - roots.length,
  };
}
