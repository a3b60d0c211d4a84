import { waitEndingKinds } from '../functions/domain/waits.ts';
import type { EntryKind } from '../functions/domain/incident.ts';
import { selfTest } from '../functions/domain/self-test.ts';
import type { Item } from '../sandbox/dynamodb/dynamodb.ts';
import { sizeOfItem } from '../sandbox/dynamodb/engine.ts';
import { addUsage, type Usage } from './cost-model.ts';
import { type TableCall, unitsOf } from './cost-units.ts';

/** What is assumed where the sandbox cannot measure: real time on AWS, and AWS's own log lines. */
export const assumed = {
  /** Milliseconds that an invocation is billed, cold starts spread over all. */
  invocationMs: 500,
  /** Memory of the functions of an incident's way, in MB. */
  memoryMb: 256,
  /** Milliseconds and MB that an execution of intake is billed; memory is billed in chunks of 64 MB. */
  expressMs: 1000,
  expressMb: 64,
  /** Bytes of a line of a state machine's log, without execution data. */
  historyLineBytes: 600,
  /** Bytes of START, END and REPORT of an invocation. */
  lambdaLineBytes: 350,
} as const;

const monthMs = 30 * 24 * 3_600_000;

/** What happened in the sandbox, as far as it is billed. */
export interface Played {
  readonly calls: readonly (TableCall & { readonly service: string })[];
  readonly executions: readonly {
    readonly machineArn: string;
    readonly transitions: number;
    readonly history: readonly unknown[];
  }[];
  /** The kinds of the timeline's lines: each wakes the readers of the table's stream. */
  readonly lines: readonly EntryKind[];
  readonly automationSteps: number;
  /** The incident table as it was left, and when, in epoch milliseconds. */
  readonly items: readonly Item[];
  readonly endedAt: number;
  readonly logBytes: number;
}

/** Everything in a play that AWS bills. Standard executions are billed by transition, intake's by request and time. */
export function usageOf(played: Played): Usage {
  const invocations = invocationsOf(played);
  const express = played.executions.filter(({ machineArn }) => machineArn.endsWith(':handsoff-intake'));
  const standard = played.executions.filter((execution) => !express.includes(execution));
  const historyLines = played.executions.reduce((sum, { history }) => sum + history.length, 0);
  const logBytes = played.logBytes + historyLines * assumed.historyLineBytes + invocations * assumed.lambdaLineBytes;
  return addUsage(tableUsage(played), {
    transition: standard.reduce((sum, { transitions }) => sum + transitions, 0),
    expressRequest: express.length,
    expressGbSecond: (express.length * assumed.expressMs * assumed.expressMb) / 1000 / 1024,
    lambdaRequest: invocations,
    lambdaGbSecond: (invocations * assumed.invocationMs * assumed.memoryMb) / 1000 / 1024,
    publish: countCalls(played, 'sns', 'Publish'),
    queueRequest: countCalls(played, 'sqs'),
    customEvent: countCalls(played, 'eventbridge', 'PutEvents'),
    automationStep: played.automationSteps,
    secretCall: countCalls(played, 'secrets-manager'),
    metricCall: countCalls(played, 'cloudwatch'),
    logGb: logBytes / 1e9,
    trace: invocations + played.executions.length,
  });
}

/**
 * Functions that were invoked. The stream's readers take up to ten lines at once; here every line wakes them alone,
 * which is the most that it can cost. What a self-test leaves wakes both.
 */
function invocationsOf(played: Played): number {
  const waking = played.lines.filter((kind) => waitEndingKinds.includes(kind)).length;
  const released = countCalls(played, 'sqs', 'ReceiveMessage');
  const tested = played.items.filter(isOfSelfTest).length;
  return countCalls(played, 'lambda', 'Invoke') + played.lines.length + waking + released + 2 * tested;
}

function isOfSelfTest({ reason }: Item): boolean {
  return ((reason ?? {}) as { readonly S?: string }).S === selfTest.reason;
}

function tableUsage({ calls, items, endedAt }: Played): Usage {
  const units = calls.filter(({ service }) => service === 'dynamodb').map((call) => unitsOf(call, items));
  return {
    readUnit: units.reduce((sum, { read }) => sum + read, 0),
    writeUnit: units.reduce((sum, { write }) => sum + write, 0),
    tableGbMonth: items.reduce((sum, item) => sum + sizeOfItem(item) * monthsKept(item, endedAt), 0) / 1e9,
  };
}

/** Months of 30 days until an item's own time to live is over; none for a row that all incidents share and that stays. */
function monthsKept(item: Item, now: number): number {
  const { N: expiresAt } = (item['expires_at_epoch'] ?? {}) as { readonly N?: string };
  return expiresAt === undefined ? 0 : Math.max(0, Number(expiresAt) * 1000 - now) / monthMs;
}

function countCalls({ calls }: Played, service: string, operation?: string): number {
  return calls.filter((call) => call.service === service && (operation ?? call.operation) === call.operation).length;
}
