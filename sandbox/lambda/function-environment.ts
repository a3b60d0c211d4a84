import { type FunctionDescription, nodeMajorOf } from './function-description.ts';
import { stableHex } from '../stable-id.ts';

/** What all functions of one sandbox share. */
export interface EnvironmentOptions {
  readonly region: string;
  /** Where the AWS SDK sends its calls. */
  readonly endpointUrl: string;
  /** The directory that the code runs from. */
  readonly taskRoot: string;
}

/**
 * The whole environment that a function sees: what Lambda defines, and over it what the template sets.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentOf(described: FunctionDescription, options: EnvironmentOptions): Record<string, string> {
  const { name, handler, memoryMb = 128, environment = {} } = described;
  const { region, endpointUrl, taskRoot } = options;
  return {
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    ...environment,
    _HANDLER: handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${nodeMajorOf(described)}.x`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: described.logGroupName ?? `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `sandbox/[$LATEST]${stableHex(`${name}:log-stream`, 32)}`,
    AWS_ACCESS_KEY_ID: accessKeyIdOf(described),
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_SESSION_TOKEN: 'sandbox',
    AWS_ENDPOINT_URL: endpointUrl,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
  };
}

/** The access key by which a function's calls are told from all others: `ASIA` and 16 characters. */
export function accessKeyIdOf({ arn }: FunctionDescription): string {
  return `ASIA${stableHex(`${arn}:access-key`, 16).toUpperCase()}`;
}
