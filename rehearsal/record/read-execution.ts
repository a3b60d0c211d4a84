import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import {
  type AutomationExecution,
  GetAutomationExecutionCommand,
  paginateDescribeAutomationStepExecutions,
  type SSMClient,
  type StepExecution,
} from '@aws-sdk/client-ssm';
import { MAX_HISTORY_EVENTS } from '../../sandbox/states/limits.ts';
import { memberOf } from '../recorded-findings.ts';
import { readObject } from './read-object.ts';

/** An execution of a runbook, and what it began, as AWS remembers it. */
export interface RecordedExecution {
  readonly runbook: string;
  readonly account: string;
  readonly region: string;
  /** How it ended: `SUCCEEDED`, or `FAILED` or `TIMED_OUT` with the reason. */
  readonly ended: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>> | undefined;
  readonly history: readonly HistoryEvent[];
  /** The history of `remediate`; empty where no repair was asked for. */
  readonly remediate: readonly HistoryEvent[];
  readonly automations: readonly AutomationExecution[];
}

export interface RecordClients {
  readonly sfn: SFNClient;
  readonly ssm: SSMClient;
}

/** Reads an execution of a runbook's machine, its repair and its automations. Throws for one that nobody could play again. */
export async function readExecution(arn: string, clients: RecordClients): Promise<RecordedExecution> {
  const found = await clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
  const { stateMachineArn = '', status, input = '{}', output, error, cause } = found;
  const [, region = '', account = '', runbook] =
    /^arn:[^:]+:states:([^:]+):(\d{12}):stateMachine:handsoff-runbook-(.+)$/.exec(stateMachineArn) ?? [];
  if (!runbook) throw new Error(`${arn} is no execution of a runbook; take one of a machine handsoff-runbook-….`);
  const given = readObject(input);
  refuseUnfinished(arn, status);
  if (!given['alert']) throw new Error(`${arn} was started without an alert; take one that respond started.`);
  const history = await readHistory(arn, clients);
  const remediate = await readRepair(arn, history, clients);
  refuseUnplayable(arn, [history, remediate]);
  const ids = [...new Set(remediate.flatMap(automationIdsIn))];
  return {
    runbook,
    account,
    region,
    ended: status === 'SUCCEEDED' ? status : `${status} (${[error, cause].filter(Boolean).join(': ')})`,
    input: given,
    output: output === undefined ? undefined : readObject(output),
    history,
    remediate,
    automations: await Promise.all(ids.map((id) => readAutomation(id, clients))),
  };
}

function refuseUnfinished(arn: string, status: string | undefined): void {
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE')
    throw new Error(`${arn} still runs; record it when it has ended.`);
  if (status === 'ABORTED')
    throw new Error(`${arn} was stopped by somebody before its end; take one that ended by itself.`);
}

function refuseUnplayable(arn: string, histories: readonly (readonly HistoryEvent[])[]): void {
  if (histories.some((history) => history.length >= MAX_HISTORY_EVENTS))
    throw new Error(
      `${arn} filled a history of ${MAX_HISTORY_EVENTS} events, so its end is missing; take a shorter one.`,
    );
  if (histories.flat().some(({ type }) => type === 'ExecutionRedriven'))
    throw new Error(`${arn} was redriven, and a rehearsal runs once; take one that was not.`);
}

/** The history of the one execution of `remediate` that was asked for; empty where none was. */
async function readRepair(
  arn: string,
  history: readonly HistoryEvent[],
  clients: RecordClients,
): Promise<HistoryEvent[]> {
  const asked = history.flatMap(
    ({ taskSubmittedEventDetails: details }) => fieldOf(details?.output, 'ExecutionArn') ?? [],
  );
  const [repair, ...others] = new Set(asked);
  if (others.length > 0)
    throw new Error(`${arn} asked for more than one repair, and a recording has one; take one that asked once.`);
  return repair === undefined ? [] : readHistory(repair, clients);
}

/** SSM gives an automation with its first steps, and says whether there are more. */
async function readAutomation(id: string, { ssm }: RecordClients): Promise<AutomationExecution> {
  const found = await ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId: id }));
  const automation = found.AutomationExecution ?? {};
  if (!automation.StepExecutionsTruncated) return automation;
  const steps: StepExecution[] = [];
  for await (const page of paginateDescribeAutomationStepExecutions({ client: ssm }, { AutomationExecutionId: id }))
    steps.push(...(page.StepExecutions ?? []));
  return { ...automation, StepExecutions: steps };
}

async function readHistory(executionArn: string, { sfn }: RecordClients): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({
        executionArn,
        includeExecutionData: true,
        maxResults: 1000,
        ...(nextToken && { nextToken }),
      }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

/** The automations that a task names: in what it gave, or in why it failed. */
function automationIdsIn({ taskSucceededEventDetails, taskFailedEventDetails }: HistoryEvent): string[] {
  const text = `${taskSucceededEventDetails?.output ?? ''} ${taskFailedEventDetails?.cause ?? ''}`;
  return [...text.matchAll(/(?:"execution_id":"|The automation )([0-9a-f-]{36})/g)].flatMap(([, id]) => id ?? []);
}

function fieldOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  const field = memberOf(JSON.parse(text), name);
  return typeof field === 'string' ? field : undefined;
}
