import { wildcard } from './command.ts';
import type { DescribedJob } from './description.ts';
import { parseDurationMs } from './duration.ts';

/** One job that somebody starts in a scheduler outside of AWS. */
export interface JobRequest {
  readonly job: string;
  readonly options: Readonly<Record<string, string>>;
}

/** How a job ends, if nobody aborts it. `lastsMs` is virtual milliseconds. */
export interface JobResult {
  readonly status: 'succeeded' | 'failed';
  readonly lastsMs: number;
}

/** Tells whether a described job is this one; `*` in its name stands for any text. */
export function fitsJob({ job }: DescribedJob, request: JobRequest): boolean {
  return job === undefined || wildcard(job).test(request.job);
}

/** The result of a described job: it succeeds at once unless it says otherwise. */
export function describeJob({ status, lasts }: DescribedJob): JobResult {
  return { status: status ?? 'succeeded', lastsMs: parseDurationMs(lasts ?? '0s') };
}
