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
  /** What it ran so far when it is a loop, in order. */
  inner?: readonly StepExecution[];
  /** The iteration that it belongs to when it stands in a loop. */
  readonly parent?: ParentStep;
}

/** Where in a loop a step ran: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParentStepDetails.html */
export interface ParentStep {
  readonly loop: StepExecution;
  /** Counts from 1. */
  readonly iteration: number;
  readonly value?: unknown;
}

/** One automation as it stands now. */
export interface AutomationExecution {
  readonly id: string;
  readonly document: RunnableDocument & { readonly documentType: 'Automation' };
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Who started it. */
  readonly executedBy: Principal;
  /** Whose permissions its steps have. */
  readonly principal: Principal;
  readonly startedAtMs: number;
  readonly steps: readonly StepExecution[];
  /** The document's variables as they stand now. */
  readonly variables: Map<string, unknown>;
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

/** Every step that the execution has, each loop followed by what it ran. */
function allSteps({ steps }: Pick<AutomationExecution, 'steps'>): readonly StepExecution[] {
  return steps.flatMap((step) => [step, ...(step.inner ?? [])]);
}

/** A step by its name: in a loop the one of the latest iteration. */
export function findStep(
  execution: Pick<AutomationExecution, 'steps'>,
  name: string | undefined,
): StepExecution | undefined {
  return allSteps(execution).findLast(({ step }) => step.name === name);
}

/** An execution as `GetAutomationExecution` gives it. */
export function describeExecution(execution: AutomationExecution): Record<string, unknown> {
  return {
    ...describeMetadata(execution),
    StepExecutions: allSteps(execution).map(describeStep),
    StepExecutionsTruncated: false,
    Parameters: spellLists(execution.parameters),
  };
}

/** An execution as `DescribeAutomationExecutions` lists it. */
export function describeMetadata(execution: AutomationExecution): Record<string, unknown> {
  const { id, document, status, startedAtMs, endedAtMs, failureMessage, current } = execution;
  return {
    AutomationExecutionId: id,
    DocumentName: document.name,
    DocumentVersion: document.version,
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
function spellLists(values: Readonly<Record<string, unknown>>): Record<string, string[]> {
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
  parent,
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
    ...(parent && { ParentStepDetails: describeParent(parent) }),
  };
}

function describeParent({ loop, iteration, value }: ParentStep): Record<string, unknown> {
  return {
    StepExecutionId: loop.id,
    StepName: loop.step.name,
    Action: loop.step.action,
    Iteration: iteration,
    ...(value !== undefined && { IteratorValue: spellValue(value) }),
  };
}
