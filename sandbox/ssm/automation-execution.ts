import type { Principal } from '../aws.ts';
import type { AutomationStep } from './document-schema.ts';
import type { RunnableDocument } from './documents.ts';
import { spellValue } from './references.ts';

export type AutomationStatus =
  | 'Pending'
  | 'InProgress'
  | 'Waiting'
  | 'Cancelling'
  | 'Success'
  | 'Failed'
  | 'TimedOut'
  | 'Cancelled';
export type StepStatus = 'Pending' | 'InProgress' | 'Waiting' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';

/** One step of one execution. */
export interface StepExecution {
  readonly step: AutomationStep;
  readonly id: string;
  status: StepStatus;
  inputs: Readonly<Record<string, unknown>>;
  outputs: Readonly<Record<string, unknown>>;
  failureMessage?: string;
  startedAt?: string;
  endedAt?: string;
}

/** One automation as it stands now. */
export interface AutomationExecution {
  readonly id: string;
  readonly document: RunnableDocument & { readonly documentType: 'Automation' };
  readonly documentVersion: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Who started it. */
  readonly executedBy: Principal;
  /** Whose permissions its steps have. */
  readonly principal: Principal;
  readonly startedAtMs: number;
  readonly steps: readonly StepExecution[];
  status: AutomationStatus;
  outputs: Readonly<Record<string, readonly string[]>>;
  failureMessage?: string;
  endedAtMs?: number;
  /** Where the execution is, when it is somewhere. */
  current?: StepExecution;
}

/** True for a status that no execution leaves. */
export function isEnded(status: AutomationStatus): boolean {
  return ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(status);
}

/** An execution as `GetAutomationExecution` gives it. */
export function describeExecution(execution: AutomationExecution): Record<string, unknown> {
  return {
    ...describeMetadata(execution),
    StepExecutions: execution.steps.map(describeStep),
    StepExecutionsTruncated: false,
    Parameters: spellLists(execution.parameters),
  };
}

/** An execution as `DescribeAutomationExecutions` lists it. */
export function describeMetadata(execution: AutomationExecution): Record<string, unknown> {
  const { id, document, documentVersion, status, startedAtMs, endedAtMs, failureMessage, current } = execution;
  return {
    AutomationExecutionId: id,
    DocumentName: document.name,
    DocumentVersion: documentVersion,
    AutomationExecutionStatus: status,
    ExecutionStartTime: new Date(startedAtMs).toISOString(),
    ...(endedAtMs !== undefined && { ExecutionEndTime: new Date(endedAtMs).toISOString() }),
    ...(failureMessage !== undefined && { FailureMessage: failureMessage }),
    ...(current && !isEnded(status) && { CurrentStepName: current.step.name, CurrentAction: current.step.action }),
    ExecutedBy: execution.executedBy.arn,
    Mode: 'Auto',
    Outputs: execution.outputs,
  };
}

/** Values as SSM lists them: every one a list of texts. */
export function spellLists(values: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, [value].flat().map(spellValue)]));
}

function describeStep({
  step,
  id,
  status,
  inputs,
  outputs,
  failureMessage,
  startedAt,
  endedAt,
}: StepExecution): Record<string, unknown> {
  return {
    StepName: step.name,
    StepExecutionId: id,
    Action: step.action,
    StepStatus: status,
    Inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, JSON.stringify(value)])),
    Outputs: spellLists(outputs),
    OnFailure: step.onFailure,
    MaxAttempts: step.maxAttempts,
    IsCritical: step.isCritical,
    IsEnd: step.isEnd,
    ...(step.timeoutSeconds !== undefined && { TimeoutSeconds: step.timeoutSeconds }),
    ...(step.nextStep !== undefined && { NextStep: step.nextStep }),
    ...(failureMessage !== undefined && { FailureMessage: failureMessage }),
    ...(startedAt !== undefined && { ExecutionStartTime: startedAt }),
    ...(endedAt !== undefined && { ExecutionEndTime: endedAt }),
  };
}
