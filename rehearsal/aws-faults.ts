import { AwsError } from '../sandbox/aws.ts';
import type { faultKinds } from './rehearsal-schema.ts';

/** A way in which a call to AWS breaks. */
export type FaultKind = (typeof faultKinds)[number];

type Spelling = Readonly<Record<FaultKind, readonly [code: string, statusCode: number]>>;

/** How services that speak JSON spell them: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
const json: Spelling = {
  throttled: ['ThrottlingException', 400],
  'access-denied': ['AccessDeniedException', 400],
  'server-error': ['InternalServerError', 500],
  timeout: ['RequestTimeout', 408],
};
/** Those of the Query protocol: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html */
const query: Spelling = {
  ...json,
  throttled: ['Throttling', 400],
  'access-denied': ['AccessDenied', 403],
  'server-error': ['InternalFailure', 500],
};

const spellings: Readonly<Record<string, Spelling>> = {
  'auto-scaling': query,
  cloudformation: query,
  cloudwatch: query,
  'elastic-load-balancing': query,
  'elastic-load-balancing-v2': query,
  elasticache: query,
  iam: query,
  rds: query,
  sns: query,
  sts: query,
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  ec2: {
    ...json,
    throttled: ['RequestLimitExceeded', 503],
    'access-denied': ['UnauthorizedOperation', 403],
    'server-error': ['InternalError', 500],
  },
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
  lambda: {
    ...json,
    throttled: ['TooManyRequestsException', 429],
    'access-denied': ['AccessDeniedException', 403],
    'server-error': ['ServiceException', 500],
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  s3: {
    ...json,
    throttled: ['SlowDown', 503],
    'access-denied': ['AccessDenied', 403],
    'server-error': ['InternalError', 500],
  },
};

const messages: Readonly<Record<FaultKind, string>> = {
  throttled: 'Rate exceeded',
  'access-denied': 'You are not authorized to perform this operation.',
  'server-error': 'An internal error has occurred.',
  timeout: 'The request timed out.',
};

/** The error that a service answers when a call to it breaks in this way. */
export function awsFault(service: string, kind: FaultKind): AwsError {
  const [code, statusCode] = (spellings[service] ?? json)[kind];
  return new AwsError(code, messages[kind], statusCode);
}
