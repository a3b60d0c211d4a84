import { documentName } from '../catalog-entry.ts';

/** The parts of an ARN that depend on where the stack is. */
export interface ArnPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Services whose ARNs name no Region: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const global = ['iam', 'route53', 'cloudfront', 'organizations'];

/** Whether IAM reads more than one resource into a text: by `*`, by `?`, or by a variable that the request fills in. */
export function isWildcard(resource: string): boolean {
  return /[*?]|\$\{/.test(resource);
}

/** Whether a text, which may hold wildcards itself, is all within a pattern of IAM. */
export function fitsPattern(pattern: string, text: string): boolean {
  const source = pattern
    .split(/(\*|\?|\$\{[^}]*\})/)
    .map((part) => {
      if (part === '?') return '.';
      return part === '*' || part.startsWith('${') ? '.*' : part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 's').test(text);
}

/**
 * A manifest's resource with the names that AWS knows: a command of the same folder, `ssm:document/<file>-command`, is
 * `ssm:document/handsoff-<runbook>-<file>-command`. Everything else stays as it is.
 */
export function fullResource(runbookId: string, resource: string): string {
  const [, file] = /^ssm:document\/(?!AWS-|handsoff-)(.+)-command$/.exec(resource) ?? [];
  return file ? `ssm:document/${documentName(runbookId, file, 'command')}` : resource;
}

/**
 * The ARN that a manifest means by `<service>:<resource>`: `ec2:instance/*` is any instance of this account and Region.
 * What belongs to no Region (IAM), or to no account (buckets, snapshots, documents of AWS), is written without.
 */
export function mutationArn(runbookId: string, resource: string, { partition, region, account }: ArnPlace): string {
  if (resource === '*') return '*';
  const [service = '', ...rest] = fullResource(runbookId, resource).split(':');
  const name = rest.join(':').replace(/^:+/, '');
  if (service === 's3') return `arn:${partition}:s3:::${name}`;
  const isOfNobody =
    service === 'route53' || (service === 'ec2' && /^(snapshot|image)\//.test(name)) || isOfAws(service, name);
  return `arn:${partition}:${service}:${global.includes(service) ? '' : region}:${isOfNobody ? '' : account}:${name}`;
}

function isOfAws(service: string, name: string): boolean {
  return service === 'ssm' && /^(document|automation-definition)\/AWS-/.test(name);
}
