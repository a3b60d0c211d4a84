/** Rundeck will not do it however often it is asked: the token, the job, its options, or a run that is under way. */
export class RundeckRefusedError extends Error {
  override readonly name = 'RundeckRefusedError' as const;
  /** Rundeck's own word, such as `api.error.item.doesnotexist`, or `HTTP 403`. */
  readonly code: string;

  constructor(what: string, code: string, message: string) {
    super(`Rundeck refused to ${what}: ${code}. ${message} ${advice[code] ?? ''}`.trim());
    this.code = code;
  }
}

/** Rundeck could not be reached, was too slow, or is in trouble itself. Whether a job was started is not known then. */
export class RundeckUnreachableError extends Error {
  override readonly name = 'RundeckUnreachableError' as const;

  constructor(what: string, why: string) {
    super(`Rundeck could not be asked to ${what} (${why}); look in Rundeck whether it was done.`);
  }
}

/** Rundeck answered something that is no answer of its API. */
export class RundeckAnswerError extends Error {
  override readonly name = 'RundeckAnswerError' as const;

  constructor(what: string, why: string) {
    super(`Rundeck was asked to ${what}, and its answer ${why}; is the URL in config/executors.yaml that of its API?`);
  }
}

const advice: Readonly<Record<string, string>> = {
  unauthorized: 'Store a valid token in the secret handsoff/rundeck, of a user who may run the job.',
  'api.error.item.unauthorized': 'Allow the token’s user to run, read and kill the job in Rundeck’s access control.',
  'api.error.item.doesnotexist': 'Check the UUID in config/executors.yaml.',
  'api.error.api-version.unsupported': 'Set api_version in config/executors.yaml to one that your Rundeck has.',
  'api.error.execution.conflict': 'The job is already running, or executions are disabled.',
};
