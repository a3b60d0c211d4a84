import { AwsError } from '../aws.ts';

/**
 * Why a request was denied, in the words of AWS.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export type DenialReason = { readonly kind: 'implicit' | 'explicit'; readonly policy: PolicyKind };

/** The kinds of policy that can deny a request. */
export type PolicyKind =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'permissions boundary'
  | 'role trust policy';

/** The error of AWS for a request that IAM does not allow, with what was denied to whom. */
export class AccessDeniedError extends AwsError {
  /** The ARN of the assumed role session, or the service principal. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: DenialReason;

  constructor(denied: Denied, code = 'AccessDeniedException', statusCode = 400, prefix = '') {
    super(code, `${prefix}${describe(denied)}`, statusCode);
    this.principal = denied.principal;
    this.action = denied.action;
    this.resource = denied.resource;
    this.reason = denied.reason;
  }
}

/** What was denied to whom, and why. */
export interface Denied {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: DenialReason;
}

// By the service of the action. What is not here is AccessDeniedException: 403 for REST, 400 for JSON 1.x services.
const FORBIDDEN = ['lambda', 'scheduler', 'apigateway', 'execute-api', 'pipes', 'xray', 'eks', 'backup'];
const SPELLINGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(FORBIDDEN.map((service) => [service, 'AccessDeniedException'])),
  ...Object.fromEntries(
    ['iam', 'sts', 's3', 'sqs', 'cloudformation', 'cloudwatch', 'autoscaling', 'rds', 'elasticloadbalancing'].map(
      (service) => [service, 'AccessDenied'],
    ),
  ),
  sns: 'AuthorizationError',
  ec2: 'UnauthorizedOperation',
};

/**
 * The same denial as the service of the action spells it on the wire: `AuthorizationError` 403 for SNS,
 * `UnauthorizedOperation` 403 for EC2, `AccessDenied` 403 for the query services, and so on.
 */
export function spellAccessDenied(error: AccessDeniedError): AccessDeniedError {
  const service = error.action.slice(0, error.action.indexOf(':')).toLowerCase();
  const code = Object.hasOwn(SPELLINGS, service) ? SPELLINGS[service] : undefined;
  if (code === undefined) return error;
  const prefix = service === 'ec2' ? 'You are not authorized to perform this operation. ' : '';
  return new AccessDeniedError(error, code, 403, prefix);
}

function describe({ principal, action, resource, reason }: Denied): string {
  const subject = `User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`;
  if (reason.kind === 'implicit') return `${subject} because no ${reason.policy} allows the ${action} action`;
  return `${subject} with an explicit deny in ${ARTICLES[reason.policy]} ${reason.policy}`;
}

const ARTICLES: Readonly<Record<PolicyKind, string>> = {
  'identity-based policy': 'an',
  'resource-based policy': 'a',
  'permissions boundary': 'a',
  'role trust policy': 'the',
};
