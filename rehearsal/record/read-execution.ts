import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { type AutomationExecution, GetAutomationExecutionCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** An execution of a runbook, and what it began, as AWS remembers it. */
export interface RecordedExecution {
  readonly runbook: string;
  readonly account: string;
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

/** Reads an execution of a runbook's machine, its repair and its automations. Throws for another machine's, or one that still runs. */
export async function readExecution(arn: string, clients: RecordClients): Promise<RecordedExecution> {
  const {
    stateMachineArn = '',
    status,
    input = '{}',
    output,
  } = await clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
  const [, account = '', runbook] =
    /^arn:[^:]+:states:[^:]+:(\d{12}):stateMachine:handsoff-runbook-(.+)$/.exec(stateMachineArn) ?? [];
  if (!runbook) throw new Error(`${arn} is no execution of a runbook; take one of a machine handsoff-runbook-….`);
  if (status === 'RUNNING') throw new Error(`${arn} still runs; record it when it has ended.`);
  const history = await readHistory(arn, clients);
  const child = history.flatMap(
    ({ taskSubmittedEventDetails: details }) => fieldOf(details?.output, 'ExecutionArn') ?? [],
  )[0];
  const remediate = child ? await readHistory(child, clients) : [];
  const ids = [...new Set(remediate.flatMap(automationIdsIn))];
  const automations = await Promise.all(
    ids.map(async (AutomationExecutionId) => {
      const found = await clients.ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId }));
      return found.AutomationExecution ?? {};
    }),
  );
  return {
    runbook,
    account,
    input: JSON.parse(input),
    output: output === undefined ? undefined : JSON.parse(output),
    history,
    remediate,
    automations,
  };
}

async function readHistory(executionArn: string, { sfn }: RecordClients): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, includeExecutionData: true, ...(nextToken && { nextToken }) }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

/** The automation that a task waited for: in what it gave, or in why it failed. */
function automationIdsIn({ taskSucceededEventDetails, taskFailedEventDetails }: HistoryEvent): string[] {
  const succeeded = fieldOf(taskSucceededEventDetails?.output, 'execution_id');
  const [, failed] = /The automation ([0-9a-f-]{36}) ended/.exec(taskFailedEventDetails?.cause ?? '') ?? [];
  return [succeeded, failed].filter((id) => id !== undefined);
}

function fieldOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  const field: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof field === 'string' ? field : undefined;
}
