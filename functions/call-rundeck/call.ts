import type { Rundeck } from '../adapters/rundeck.ts';
import {
  permittedJob,
  progressOf,
  type RundeckConfig,
  type RundeckProgress,
  runRequest,
  UnknownRundeckJobError,
} from '../domain/rundeck-jobs.ts';

/** What an automation asks for. */
export type RundeckRequest =
  | { readonly operation: 'run'; readonly job: string; readonly options: Readonly<Record<string, unknown>> }
  | { readonly operation: 'follow' | 'abort'; readonly execution: string };

/** How an execution stands. */
export interface RundeckResult {
  readonly execution: string;
  /** Rundeck's own word, such as `running` or `succeeded`. */
  readonly status: string;
  readonly progress: RundeckProgress;
  readonly permalink: string;
  /** What came of asking it to end: `pending`, `aborted` or `failed`. */
  readonly abort?: string;
}

export interface CallPorts {
  readonly rundeck: Pick<Rundeck, 'run' | 'execution' | 'abort'>;
  readonly config: Pick<RundeckConfig, 'api_version' | 'jobs'>;
}

/** Runs a listed job, follows an execution of one, or aborts it. Executions of other jobs are left alone. */
export async function callRundeck(request: RundeckRequest, { rundeck, config }: CallPorts): Promise<RundeckResult> {
  if (request.operation === 'run') {
    const { job, options } = permittedJob(config.jobs, request.job, request.options);
    return resultOf(await rundeck.run(job, runRequest(options, config.api_version)));
  }
  const found = await rundeck.execution(request.execution);
  if (!config.jobs.some(({ job }) => job === found.job)) throw new UnknownRundeckJobError(found.job || 'none');
  const result = resultOf(found);
  if (request.operation === 'follow' || result.progress === 'finished') return result;
  return { ...result, abort: await rundeck.abort(request.execution) };
}

function resultOf({ id, status, permalink }: Awaited<ReturnType<Rundeck['execution']>>): RundeckResult {
  return { execution: id, status, progress: progressOf(status), permalink };
}
