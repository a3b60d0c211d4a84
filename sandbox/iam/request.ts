/** One request as IAM sees it. */
export interface Request {
  readonly principal: RequestPrincipal;
  /** In lower case: `ec2:startinstances`. */
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

/** Who makes a request. */
export type RequestPrincipal =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly name: string };

/** The condition keys of a request, in lower case, each with its values. */
export interface RequestContext {
  get(key: string): readonly string[] | undefined;
  /** Whether any key was asked for: as long as none was, nothing depends on them. @default - nobody takes note */
  readonly wasAsked?: boolean;
}

/** The six fields of an ARN; undefined for what is no ARN. The last holds all that follows the fifth colon. */
export function splitArn(arn: string): readonly string[] | undefined {
  const fields = arn.split(':');
  if (fields[0] !== 'arn' || fields.length < 6) return undefined;
  return [...fields.slice(0, 5), fields.slice(5).join(':')];
}

/** The account that an ARN names, or `otherwise` for an ARN without one, as S3's and those that AWS owns. */
export function accountOf(arn: string, otherwise: string): string {
  const account = splitArn(arn)?.[4] ?? '';
  return /^\d{12}$/.test(account) ? account : otherwise;
}
