import type { AwsError } from '../../aws.ts';
import { StateError } from '../state-error.ts';
import { modeledErrorsOf } from './sdk-service.ts';

/** How the errors of one service are named and told. */
export interface ErrorStyle {
  /** The SDK client package without `client-`. */
  readonly client: string;
  /** What the error name begins with, before the dot. */
  readonly prefix: string;
  /** The name of errors that the service's model does not name. */
  readonly fallback: string;
  /** The sentence about the service that ends the cause. */
  readonly describe: (error: AwsError, requestId: string) => string;
}

/** Errors of every service, which no service's model names. */
const COMMON = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InternalFailure',
  'InternalServerException',
  'InvalidAction',
  'InvalidClientTokenId',
  'MalformedQueryString',
  'MissingAction',
  'MissingAuthenticationToken',
  'MissingParameter',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'SignatureDoesNotMatch',
  'Throttling',
  'ThrottlingException',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
]);

/** The style of AWS SDK integrations, such as `Ec2.Ec2Exception`. */
export function sdkErrorStyle(client: string, prefix: string): ErrorStyle {
  return {
    client,
    prefix,
    fallback: `${prefix}Exception`,
    describe: (error, requestId) =>
      `(Service: ${prefix}, Status Code: ${error.statusCode}, Request ID: ${requestId}) (SDK Attempt Count: 1)`,
  };
}

/** The style of optimized integrations, such as `Lambda.TooManyRequestsException`. */
export function optimizedErrorStyle(client: string, prefix: string, fallback: string, service: string): ErrorStyle {
  return {
    client,
    prefix,
    fallback,
    describe: ({ statusCode, name }, requestId) =>
      `(Service: ${service}; Status Code: ${statusCode}; Error Code: ${name}; Request ID: ${requestId}; Proxy: null)`,
  };
}

/** The failure that an AWS error becomes inside an execution. */
export function toStateError(error: AwsError, style: ErrorStyle, requestId: string): StateError {
  const cause = `${error.message} ${style.describe(error, requestId)}`;
  return new StateError({ error: `${style.prefix}.${nameException(error.name, style)}`, cause });
}

/** The code of the AWS error behind a failure such as `Ec2.Ec2Exception`: a common one where the name tells none. */
export function codeOfStateError(error: string, { client, fallback }: ErrorStyle): string {
  const name = error.replace(/^.*\./, '');
  if (name === fallback) return 'ValidationError';
  return modeledErrorsOf(client)?.find((shape) => toExceptionName(shape) === name) ?? name;
}

function nameException(code: string, style: ErrorStyle): string {
  const name = toExceptionName(code);
  const modeled = modeledErrorsOf(style.client);
  const isModeled = modeled ? modeled.some((shape) => toExceptionName(shape) === name) : !COMMON.has(code);
  return isModeled ? name : style.fallback;
}

/** The SDK for Java's class name of an error: `QueueDoesNotExist` becomes `QueueDoesNotExistException`. */
function toExceptionName(shape: string): string {
  const stem = shape.replace(/^.*[.#:]/, '').replace(/(?:Exception|Fault)$/, '');
  return `${stem.replace(/([A-Z])([A-Z]+)(?=[A-Z][a-z]|$)/g, (_, first: string, rest: string) => first + rest.toLowerCase())}Exception`;
}
