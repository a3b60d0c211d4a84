/** Who makes a call: an IAM role of the template, or an AWS service acting for itself. */
export interface Principal {
  /** `role`: `arn` is the IAM role's ARN. `service`: `arn` is the service principal, such as `events.amazonaws.com`. */
  readonly kind: 'role' | 'service';
  readonly arn: string;
  /** For a service principal, the resource on whose behalf it acts: becomes `aws:SourceArn`. */
  readonly sourceArn?: string;
}

/** One AWS API call, as every part of the sandbox makes and answers it. */
export interface AwsCall {
  /** The name of the SDK client package without `client-`: `ec2`, `sfn`, `ssm`, `dynamodb`, `eventbridge`, `secrets-manager`, … */
  readonly service: string;
  /** The API operation in PascalCase: `DescribeInstances`. */
  readonly operation: string;
  /** The input in the SDK's own member names, JSON values only (blobs base64, times ISO 8601 or epoch seconds as given). */
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
}

/** Makes one call: checks IAM, then answers from the service or the world. Throws `AwsError`. */
export type CallAws = (call: AwsCall) => Promise<Record<string, unknown>>;

/** One (action, resource) pair that IAM must allow before a call goes through. */
export interface RequiredGrant {
  /** `ec2:StartInstances` */
  readonly action: string;
  /** The resource ARN, or `*` for actions that take no resource. */
  readonly resource: string;
  /** Condition keys the request carries beside the global ones: `iam:PassedToService`, `ssm:resourceTag/x`, … */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Checks IAM for one principal. Throws an `AwsError` when a grant is missing. */
export type Authorize = (principal: Principal, grants: readonly RequiredGrant[]) => void;

/** One AWS service inside the sandbox: one file (or folder) each. */
export interface AwsService {
  /** The same spelling as `AwsCall.service`. */
  readonly name: string;
  /** What IAM must allow for this call. Throws `AwsError` for input that names nothing. */
  grantsFor(operation: string, input: AwsCall['input']): readonly RequiredGrant[];
  /** True when this service answers the call itself: the operation, on what the templates create. Otherwise the world is asked. */
  handles(operation: string, input: AwsCall['input']): boolean;
  /** Answers the call. IAM was already checked. Throws `AwsError`. */
  answer(call: AwsCall): Promise<Record<string, unknown>>;
}

/** An error as AWS would give it: `name` is the wire code (`AccessDeniedException`, `ThrottlingException`, …). */
export class AwsError extends Error {
  override readonly name: string;
  readonly statusCode: number;

  constructor(code: string, message: string, statusCode = 400) {
    super(message);
    this.name = code;
    this.statusCode = statusCode;
  }
}

/** Raised for anything that AWS does and the sandbox does not: never a silent difference. */
export class UnsupportedInSandboxError extends Error {
  override readonly name = 'UnsupportedInSandboxError' as const;

  constructor(what: string) {
    super(`The sandbox does not support ${what}.`);
  }
}
