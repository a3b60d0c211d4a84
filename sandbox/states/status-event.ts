import { type EventEnvelope, isoSeconds } from '../events/bus-event.ts';
import type { ExecutionView } from './execution.ts';

/** Input and output together above this many bytes are left out. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const MAX_DATA_BYTES = 248 * 1024;

/** The event that Step Functions emits when the status of a Standard execution changes. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function makeStatusEvent(
  view: ExecutionView,
  where: { readonly id: string; readonly account: string; readonly region: string; readonly nowMs: number },
): EventEnvelope {
  return {
    version: '0',
    id: where.id,
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: where.account,
    time: isoSeconds(where.nowMs),
    region: where.region,
    resources: [view.arn],
    detail: describe(view),
  };
}

function describe(view: ExecutionView): Record<string, unknown> {
  const included = Buffer.byteLength(view.input + (view.output ?? ''), 'utf8') <= MAX_DATA_BYTES;
  const hasOutput = view.output !== undefined;
  return {
    executionArn: view.arn,
    stateMachineArn: view.machineArn,
    name: view.name,
    status: view.status,
    startDate: view.startDate,
    stopDate: view.stopDate ?? null,
    input: included ? view.input : null,
    inputDetails: { included },
    output: included ? (view.output ?? null) : null,
    outputDetails: hasOutput ? { included } : null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: 0,
    redriveDate: null,
    ...describeRedrive(view),
    error: view.error ?? null,
    cause: view.cause ?? null,
  };
}

/** Whether an execution could be started again where it stopped, as events and `DescribeExecution` tell it. */
export function describeRedrive(view: ExecutionView): { redriveStatus: string; redriveStatusReason: string | null } {
  const isOpen = view.status === 'RUNNING' || view.status === 'SUCCEEDED';
  if (!isOpen) return { redriveStatus: 'REDRIVABLE', redriveStatusReason: null };
  const redriveStatusReason = `Execution is ${view.status} and cannot be redriven`;
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
}
