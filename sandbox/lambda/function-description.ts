/** One Lambda function, as the template describes it. */
export interface FunctionDescription {
  readonly name: string;
  /** The unqualified ARN. */
  readonly arn: string;
  /** `<file without extension>.<export>`, such as `index.handler`. */
  readonly handler: string;
  /** The absolute directory that holds the unzipped code. */
  readonly codeDirectory: string;
  /** @default 'nodejs24.x' */
  readonly runtime?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** Real seconds that one invocation may take. @default 3 */
  readonly timeoutSeconds?: number;
  /** @default 128 */
  readonly memoryMb?: number;
  /** @default - `/aws/lambda/<name>` */
  readonly logGroupName?: string;
  /** How many invocations may run at once; 0 refuses all. @default - no limit of its own */
  readonly reservedConcurrency?: number;
  /** The queue or topic that gets events of asynchronous invocations that failed for good. */
  readonly deadLetterArn?: string;
  /** Where the record of an asynchronous invocation goes that failed for good: queue, topic, bus or function. */
  readonly onFailureArn?: string;
  /** Where the record of an asynchronous invocation goes that succeeded. */
  readonly onSuccessArn?: string;
  /** Retries of an asynchronous invocation after a function error, 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** How long an asynchronous event may wait and be retried, 60 to 21600 seconds. @default 21600 */
  readonly maximumEventAgeSeconds?: number;
}

/** The major version of Node.js that a runtime stands for; throws for a runtime that is not Node.js. */
export function nodeMajorOf({ name, runtime = 'nodejs24.x' }: FunctionDescription): number {
  const match = /^nodejs(\d+)\.x$/.exec(runtime);
  if (!match)
    throw new TypeError(`The function ${name} has the runtime ${runtime}; the sandbox runs nodejs<major>.x only.`);
  return Number(match[1]);
}

const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION_|LOG_|INITIALIZATION_TYPE|RUNTIME_API).*|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;
const ENVIRONMENT_LIMIT_BYTES = 4096;

/**
 * Throws for what Lambda refuses when the function is created: reserved or oversized environment (4 KB), timeouts over
 * 900 s, memory outside 128 to 32768 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function refuseInvalidFunction(described: FunctionDescription): void {
  const { name, environment = {}, timeoutSeconds = 3, memoryMb = 128, maximumRetryAttempts = 2 } = described;
  const reserved = Object.keys(environment).filter((key) => RESERVED.test(key));
  const problems = [
    ...reserved.map((key) => `its environment sets ${key}, which Lambda reserves`),
    ...(Buffer.byteLength(JSON.stringify(environment)) > ENVIRONMENT_LIMIT_BYTES
      ? ['its environment is over 4 KB']
      : []),
    ...(timeoutSeconds < 1 || timeoutSeconds > 900
      ? [`its timeout of ${timeoutSeconds} s is not within 1 to 900`]
      : []),
    ...(memoryMb < 128 || memoryMb > 32_768 ? [`its memory of ${memoryMb} MB is not within 128 to 32768`] : []),
    ...(maximumRetryAttempts < 0 || maximumRetryAttempts > 2 ? ['its asynchronous retries are not within 0 to 2'] : []),
  ];
  nodeMajorOf(described);
  if (problems.length > 0) throw new TypeError(`Lambda would refuse the function ${name}: ${problems.join('; ')}.`);
}
