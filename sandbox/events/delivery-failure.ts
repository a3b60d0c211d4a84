import { AwsError } from '../aws.ts';
import { InputError } from './input-transformer.ts';

/** Why one attempt to deliver failed, in the words of a dead letter. */
export interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly cause: unknown;
}

const THROTTLED = /throttl|toomanyrequests|requestlimitexceeded|slowdown/i;
const LIMITED = /limitexceeded/i;
const FORBIDDEN = /accessdenied|notauthorized|unauthorized|forbidden/i;
const MISSING = /notfound|doesnotexist|nonexistentqueue|nosuch/i;
const SERVER_ERROR = 500;

/**
 * Sorts an error of a target call into what EventBridge tries again (throttling, exhausted limits, 5xx) and what it gives
 * up at once (missing permission or resource, a request the target refuses).
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function classifyFailure(cause: unknown): DeliveryFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof InputError) return { code: 'INVALID_JSON', message, retryable: false, cause };
  if (!(cause instanceof AwsError)) return { code: 'SDK_CLIENT_ERROR', message, retryable: false, cause };
  const [code, retryable] = codeOf(cause);
  return { code, message, retryable, cause };
}

function codeOf({ name, statusCode }: AwsError): readonly [code: string, retryable: boolean] {
  if (THROTTLED.test(name) || statusCode === 429) return ['THROTTLING', true];
  if (statusCode >= SERVER_ERROR) return ['ERROR_FROM_TARGET', true];
  if (FORBIDDEN.test(name) || statusCode === 403) return ['NO_PERMISSIONS', false];
  if (MISSING.test(name) || statusCode === 404) return ['NO_RESOURCE', false];
  return LIMITED.test(name) ? ['RESOURCE_LIMIT_EXCEEDED', true] : ['SDK_CLIENT_ERROR', false];
}
