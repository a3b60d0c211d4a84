import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsResponse,
  type ResultField,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AlertResource } from '../../domain/alert.ts';
import { cutText, oneLine } from '../../domain/telling/plain-text.ts';
import { type Diagnostic, type DiagnosticOptions, DiagnosticOptionsError } from '../diagnostic.ts';

/** How far back a query looks, in minutes, and how many rows it gives. */
const windowMinutes = 60;
const maxRows = 10;
const maxRowLength = 300;

/** When the results are asked for, in milliseconds after the start: nobody waits longer than 20 seconds. */
const pollsMs = [0, 500, 1000, 2000, 3000, 4000, 4500, 5000];

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html */
const logGroupName = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const queryEnds: ReadonlySet<string> = new Set(['Complete', 'Failed', 'Cancelled', 'Timeout']);

export type Sleep = (ms: number) => Promise<void>;
const sleepFor: Sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * What a query of CloudWatch Logs Insights finds in the last hour: unhealthy when it finds anything. The definition says
 * `log_group`, in which `{resource.id}` stands for the resource's id, and `query`; no event has a say in either.
 */
export function logsInsights(logs: CloudWatchLogsClient, sleep: Sleep = sleepFor): Diagnostic {
  return async ({ resource }, now, options = {}) => {
    const { logGroup, query } = readOptions(options, resource);
    try {
      const { queryId } = await logs.send(
        new StartQueryCommand({
          logGroupName: logGroup,
          queryString: query,
          startTime: Math.floor(now.getTime() / 1000) - windowMinutes * 60,
          endTime: Math.floor(now.getTime() / 1000),
          limit: maxRows,
        }),
      );
      return findingOf(await resultsOf(logs, queryId, sleep), logGroup);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
      return { verdict: 'unknown', summary: `There is no log group ${logGroup}.` };
    }
  };
}

function readOptions({ log_group: template, query }: DiagnosticOptions, { id }: AlertResource) {
  if (typeof template !== 'string' || typeof query !== 'string' || !query)
    throw new DiagnosticOptionsError('logs-insights needs log_group and query; write both in the definition');
  // An id with a slash would lead to another group.
  const logGroup = template.replaceAll('{resource.id}', /^[\w.-]+$/.test(id) ? id : '?');
  if (!logGroupName.test(logGroup)) throw new DiagnosticOptionsError(`${logGroup} is not the name of a log group`);
  return { logGroup, query };
}

async function resultsOf(
  logs: CloudWatchLogsClient,
  queryId: string | undefined,
  sleep: Sleep,
): Promise<GetQueryResultsResponse> {
  let last: GetQueryResultsResponse = {};
  for (const ms of pollsMs) {
    if (ms > 0) await sleep(ms);
    last = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (queryEnds.has(last.status ?? '')) break;
  }
  return last;
}

function findingOf(
  { status = 'Unknown', results = [], statistics }: GetQueryResultsResponse,
  logGroup: string,
): Awaited<ReturnType<Diagnostic>> {
  if (status !== 'Complete')
    return { verdict: 'unknown', summary: `The query of ${logGroup} did not complete in time (${status}).` };
  const rows = results.map(rowOf);
  const [first] = rows;
  if (first === undefined)
    return { verdict: 'healthy', summary: `${logGroup} has nothing that fits in the last ${windowMinutes} minutes.` };
  const matched = statistics?.recordsMatched ?? rows.length;
  return {
    verdict: 'unhealthy',
    summary: `${logGroup} has ${matched} ${matched === 1 ? 'line that fits' : 'lines that fit'} in the last ${windowMinutes} minutes: ${first}`,
    evidence: rows,
  };
}

/** A row as text, without the pointer to its record. */
function rowOf(fields: readonly ResultField[]): string {
  const shown = fields.filter(({ field }) => field !== '@ptr').map(({ value }) => oneLine(value ?? ''));
  return cutText(shown.join(' · '), maxRowLength);
}
