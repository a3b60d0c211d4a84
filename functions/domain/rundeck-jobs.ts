/** A job of Rundeck that a runbook may run, as `config/executors.yaml` lists it. */
export interface RundeckJob {
  /** What documents call it. */
  readonly id: string;
  /** What Rundeck calls it: the UUID that its page shows. */
  readonly job: string;
  /** Options that it may be given. */
  readonly options: readonly string[];
}

/** Where Rundeck is and what may be run there. */
export interface RundeckConfig {
  /** `https://rundeck.example.com`, with the path that it lives under, if any. */
  readonly url: string;
  /** From 18 on options travel as a map; before they are written into one line of arguments. */
  readonly api_version: number;
  /** Whether its address may be one inside your network. */
  readonly allow_private: boolean;
  readonly jobs: readonly RundeckJob[];
}

/** Raised for a job that `config/executors.yaml` does not list. */
export class UnknownRundeckJobError extends Error {
  override readonly name = 'UnknownRundeckJobError' as const;

  constructor(job: string) {
    super(`${job} is no job of config/executors.yaml; add it there, with the options that it may be given.`);
  }
}

/** Raised for an option that the job does not list, or a value that must not reach a job. */
export class RundeckOptionError extends Error {
  override readonly name = 'RundeckOptionError' as const;

  constructor(job: string, option: string, why: string) {
    super(`The job ${job} was not run: its option ${option} ${why}.`);
  }
}

/** How an execution stands: `unfinished` until Rundeck does nothing more for it. */
export type RundeckProgress = 'unfinished' | 'finished';

/** Plain words alone: no blank, no quote and no leading dash, so that no value can become another option or a command. */
const safeValue = /^[A-Za-z0-9][A-Za-z0-9._:/@=+,-]{0,254}$/;

/** https://docs.rundeck.com/docs/api/#execution-info: any other status is an end. */
const unfinished = new Set(['running', 'scheduled', 'queued']);

/** The listed job of this name, once its options are allowed. Throws UnknownRundeckJobError or RundeckOptionError. */
export function permittedJob(
  jobs: readonly RundeckJob[],
  id: string,
  options: Readonly<Record<string, unknown>>,
): { readonly job: string; readonly options: Readonly<Record<string, string>> } {
  const found = jobs.find((job) => job.id === id);
  if (!found) throw new UnknownRundeckJobError(id);
  const checked = Object.entries(options).map(([name, value]): [string, string] => {
    if (!found.options.includes(name)) throw new RundeckOptionError(id, name, 'is not listed in config/executors.yaml');
    if (typeof value !== 'string' || !safeValue.test(value))
      throw new RundeckOptionError(id, name, 'has a value with more than letters, digits and . _ : / @ = + , -');
    return [name, value];
  });
  return { job: found.job, options: Object.fromEntries(checked) };
}

/** What asks Rundeck to run a job: https://docs.rundeck.com/docs/api/#running-a-job */
export function runRequest(options: Readonly<Record<string, string>>, apiVersion: number): Record<string, unknown> {
  if (apiVersion >= 18) return { options };
  const words = Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]);
  return { argString: words.join(' ') };
}

/** Whether an execution with this status has come to its end, whatever that was. */
export function progressOf(status: string): RundeckProgress {
  return unfinished.has(status) ? 'unfinished' : 'finished';
}
