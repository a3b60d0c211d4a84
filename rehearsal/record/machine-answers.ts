import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { mapTexts } from '../../sandbox/map-texts.ts';
import { codeOfStateError, sdkErrorStyle } from '../../sandbox/states/integrations/error-names.ts';
import { findSdkService } from '../../sandbox/states/integrations/sdk-service.ts';

/** What a runbook's own machine was answered, as a world says it. */
export interface MachineAnswers {
  readonly answers: readonly Record<string, unknown>[];
  /** Those of the runbook's commands that only look. */
  readonly commands: readonly Record<string, unknown>[];
}

type EventsById = ReadonlyMap<number | undefined, HistoryEvent>;

interface Ended {
  readonly event: HistoryEvent;
  readonly resource: string;
  readonly resourceType: string;
  readonly asked: Scheduled;
  /** Undefined where the task failed. */
  readonly output: unknown;
}

/** Reads what the definition's own calls were answered or failed with, what diagnostics found and commands printed. */
export function machineAnswers(history: readonly HistoryEvent[]): MachineAnswers {
  const byId = new Map(history.map((event) => [event.id, event]));
  const ended = history.flatMap((event) => endOf(event, byId) ?? []);
  return {
    answers: ended.map((task) => sdkAnswer(task) ?? findingsAnswer(task)).filter((answer) => answer !== undefined),
    commands: ended.map(commandAnswer).filter((command) => command !== undefined),
  };
}

function endOf(event: HistoryEvent, byId: EventsById): Ended | undefined {
  const { taskSucceededEventDetails: succeeded, taskFailedEventDetails: failed } = event;
  const details = succeeded ?? failed;
  if (!details?.resource || !details.resourceType) return undefined;
  const output: unknown = succeeded?.output === undefined ? undefined : JSON.parse(succeeded.output);
  return {
    event,
    resource: details.resource,
    resourceType: details.resourceType,
    asked: scheduledOf(event, byId),
    output,
  };
}

function sdkAnswer({ event, resource, resourceType, output }: Ended): Record<string, unknown> | undefined {
  const [, name = ''] = /^aws-sdk:(.+)$/.exec(resourceType) ?? [];
  const service = findSdkService(name);
  if (!service) return undefined;
  const call = `${service.client}:${resource.charAt(0).toUpperCase()}${resource.slice(1)}`;
  if (output !== undefined) return { call, output: relativeTo(event.timestamp, output), times: 1 };
  const { error = '', cause = '' } = event.taskFailedEventDetails ?? {};
  const [, status] = /Status Code: (\d{3})/.exec(cause) ?? [];
  return {
    call,
    error: {
      code: codeOfStateError(error, sdkErrorStyle(service.client, service.prefix)),
      message: cause.replace(/ \(Service: .*$/s, ''),
      ...(status && { statusCode: Number(status) }),
    },
    times: 1,
  };
}

function findingsAnswer({ resourceType, asked, output }: Ended): Record<string, unknown> | undefined {
  if (resourceType !== 'lambda' || output === undefined || !asked.functionName.endsWith('handsoff-diagnose'))
    return undefined;
  const input = { FunctionName: [{ suffix: 'handsoff-diagnose' }] };
  return { call: 'lambda:Invoke', input, output: { Payload: fieldOf(output, 'Payload') }, times: 1 };
}

function commandAnswer({ event, resourceType, asked, output }: Ended): Record<string, unknown> | undefined {
  if (resourceType !== 'lambda' || output === undefined || !asked.functionName.endsWith('handsoff-run-command'))
    return undefined;
  const seconds = ((event.timestamp?.getTime() ?? 0) - (asked.at?.getTime() ?? 0)) / 1000;
  const status = fieldOf(output, 'status');
  return {
    document: fieldOf(asked.payload, 'document'),
    stdout: textOf(fieldOf(output, 'output')),
    stderr: textOf(fieldOf(output, 'errors')),
    status: status === 'Success' || status === 'TimedOut' ? status : 'Failed',
    lasts: `${Math.max(0, Math.round(seconds))}s`,
    times: 1,
  };
}

/** What was asked of a function, and when. */
interface Scheduled {
  readonly functionName: string;
  readonly payload: unknown;
  readonly at: Date | undefined;
}

function scheduledOf(event: HistoryEvent, byId: EventsById): Scheduled {
  for (let before: HistoryEvent | undefined = event; before; before = byId.get(before.previousEventId)) {
    const { parameters } = before.taskScheduledEventDetails ?? {};
    if (!parameters) continue;
    const asked: unknown = JSON.parse(parameters);
    return {
      functionName: String(fieldOf(asked, 'FunctionName')),
      payload: fieldOf(asked, 'Payload'),
      at: before.timestamp,
    };
  }
  return { functionName: '', payload: undefined, at: undefined };
}

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** A rehearsal is played at another time, and what an answer says of a moment is as long ago then as it was. */
function relativeTo(at: Date | undefined, value: unknown): unknown {
  return mapTexts(value, (text) => {
    if (!at || !moment.test(text)) return text;
    const seconds = Math.round((Date.parse(text) - at.getTime()) / 1000);
    return `{{now${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s}}`;
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
