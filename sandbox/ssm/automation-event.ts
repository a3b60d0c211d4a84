import type { SystemsManagerArns } from './arns.ts';
import type { AutomationExecution } from './automation-execution.ts';
import { spellEventTime } from './event-time.ts';
import type { SystemsManagerOptions } from './options.ts';

/**
 * Emits that an automation changed its status, unless that event gets lost.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html
 */
export function emitAutomationStatus(
  execution: AutomationExecution,
  { clock, emitEvent, dropStatusEvent }: Pick<SystemsManagerOptions, 'clock' | 'emitEvent' | 'dropStatusEvent'>,
  arns: SystemsManagerArns,
): void {
  const { id, document, status, startedAtMs, endedAtMs, executedBy } = execution;
  if (dropStatusEvent?.(id, status)) return;
  emitEvent({
    source: 'aws.ssm',
    'detail-type': 'EC2 Automation Execution Status-change Notification',
    resources: [arns.execution(id), arns.definition(document, document.version)],
    detail: {
      ExecutionId: id,
      Definition: document.name,
      DefinitionVersion: Number(document.version),
      Status: status,
      ...(endedAtMs !== undefined && { EndTime: spellEventTime(endedAtMs) }),
      StartTime: spellEventTime(startedAtMs),
      Time: (endedAtMs ?? clock.now()) - startedAtMs,
      ExecutedBy: executedBy.arn,
    },
  });
}
