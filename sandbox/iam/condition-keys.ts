import { UnsupportedInSandboxError } from '../aws.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';
import { accountOf, type RequestContext, type RequestPrincipal } from './request.ts';

const GLOBAL_KEYS = new Set(
  [
    'SourceArn SourceAccount SourceOwner PrincipalArn PrincipalAccount PrincipalType PrincipalIsAWSService',
    'PrincipalServiceName RequestedRegion SecureTransport ResourceAccount CurrentTime EpochTime TagKeys ViaAWSService',
  ]
    .join(' ')
    .split(' ')
    .map((key) => `aws:${key.toLowerCase()}`),
);
const TAG_KEY = /^aws:(principaltag|resourcetag|requesttag)\/.+$/;

/**
 * Throws for what is no condition key, and an `UnsupportedInSandboxError` for a global key that the sandbox never fills
 * in. The keys of services are taken as they come: a service that does not give one leaves it absent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function checkConditionKey(key: string, place: string): void {
  const name = key.toLowerCase();
  if (!/^[a-z0-9-]+:.+$/.test(name)) throw new MalformedPolicyError(place, `"${key}" is no condition key.`);
  if (!name.startsWith('aws:') || GLOBAL_KEYS.has(name) || TAG_KEY.test(name)) return;
  throw new UnsupportedInSandboxError(`the condition key ${key} (${place})`);
}

/** What the condition keys of a request are made from. */
export interface ContextSource {
  readonly principal: RequestPrincipal;
  /** The tags of the role that makes the request. */
  readonly principalTags?: ReadonlyMap<string, string>;
  /** For a service principal, the resource on whose behalf it acts. */
  readonly sourceArn?: string | undefined;
  readonly resource: string;
  readonly account: string;
  readonly region: string;
  /** Without it the request has no `aws:CurrentTime`. */
  readonly nowMs?: number | undefined;
  readonly given?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The condition keys of one request: the global ones, then those that the service gives. Few policies ask for any. */
export function buildContext(source: ContextSource): RequestContext {
  let keys: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    get: (key) => (keys ??= listKeys(source)).get(key),
    get wasAsked() {
      return keys !== undefined;
    },
  };
}

function listKeys(source: ContextSource): ReadonlyMap<string, readonly string[]> {
  const { resource, account, region, given = {} } = source;
  const entries: [string, string | readonly string[]][] = [
    ['aws:requestedregion', region],
    ['aws:securetransport', 'true'],
    ['aws:resourceaccount', accountOf(resource, account)],
    ...principalKeys(source),
    ...timeKeys(source.nowMs),
    ...Object.entries(given),
  ];
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]));
}

function principalKeys({ principal, principalTags, sourceArn, account }: ContextSource): [string, string][] {
  if (principal.kind === 'role') {
    return [
      ['aws:principalarn', principal.arn],
      ['aws:principalaccount', principal.account],
      ['aws:principaltype', 'AssumedRole'],
      ['aws:principalisawsservice', 'false'],
      ['aws:viaawsservice', 'false'],
      ...[...(principalTags ?? [])].map(([tag, value]): [string, string] => [`aws:principaltag/${tag}`, value]),
    ];
  }
  const source: [string, string][] = sourceArn
    ? [
        ['aws:sourcearn', sourceArn],
        ['aws:sourceaccount', accountOf(sourceArn, account)],
      ]
    : [];
  // CloudWatch alone still sends this older key, which the default policy of SNS topics relies on.
  if (principal.name === 'cloudwatch.amazonaws.com') source.push(['aws:sourceowner', account]);
  return [['aws:principalisawsservice', 'true'], ['aws:principalservicename', principal.name], ...source];
}

function timeKeys(nowMs: number | undefined): [string, string][] {
  if (nowMs === undefined) return [];
  return [
    ['aws:currenttime', new Date(nowMs).toISOString()],
    ['aws:epochtime', `${Math.floor(nowMs / 1000)}`],
  ];
}
