import { AwsError, UnsupportedInSandboxError } from '../aws.ts';

/** What the templates of grants.yaml are filled from. */
export interface ResourceValues {
  readonly account: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** EC2 resource types by the prefix of their ids. */
  readonly ec2Ids: Readonly<Record<string, string>>;
  /** `<service>:<Operation>`, for messages. */
  readonly call: string;
}

const PLACE = /\{(?:(\w+):)?(\w+(?:\.\w+)*)(?:\?([^}]*))?\}/g;

/** The resource ARNs that a template of grants.yaml stands for; none when a member it can do without is absent. */
export function fillResource(template: string, values: ResourceValues): readonly string[] {
  const places = [...template.matchAll(PLACE)];
  return places.reduce<readonly string[]>(
    (filled, place, index) => filled.flatMap((text) => fillPlace(text, place, index === places.length - 1, values)),
    [template],
  );
}

function fillPlace(text: string, place: RegExpMatchArray, isLast: boolean, values: ResourceValues): readonly string[] {
  const [whole, form, member = '', standIn] = place;
  if (form === undefined && (member === 'region' || member === 'account')) return [text.replace(whole, values[member])];
  const names = readNames(member, standIn, values);
  return names.map((name) => {
    if (name.startsWith('arn:') && isLast && form !== 'logGroup') return name;
    if (form !== undefined) return text.replace(whole, () => present(form, name, values));
    if (!name.startsWith('arn:')) return text.replace(whole, () => name);
    return text.replace(whole, () => name.slice(name.lastIndexOf('/') + 1));
  });
}

function readNames(member: string, standIn: string | undefined, values: ResourceValues): readonly string[] {
  const found = member
    .split('.')
    .reduce<unknown[]>((items, key) => items.flatMap((item) => readMember(item, key)), [values.input]);
  const names = found.flat().filter((item) => typeof item === 'string' && item !== '');
  if (names.length > 0) return names.map(String);
  if (standIn !== undefined) return standIn === '' ? [] : [standIn];
  throw new AwsError('ValidationException', `${values.call} needs ${member}: without it the call names no resource.`);
}

/** Of a list, the member of each of its items. */
function readMember(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.flatMap((item) => readMember(item, key));
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function present(form: string, name: string, values: ResourceValues): string {
  if (form === 'ec2Id') return ec2Resource(name, values);
  if (form === 'logGroup') return name.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
  if (form === 'path') return name.startsWith('/') ? name : `/${name}`;
  if (form === 'record') return name.toLowerCase().replace(/\.$/, '');
  if (form === 'queue') return queueArn(name, values);
  throw new UnsupportedInSandboxError(`the form ${form} in a resource of the grants table`);
}

/** Snapshots and images belong to no account in their ARN: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
function ec2Resource(id: string, { account, region, ec2Ids, call }: ResourceValues): string {
  const prefix = id.slice(0, id.indexOf('-'));
  if (prefix === 'snap') return `arn:aws:ec2:${region}::snapshot/${id}`;
  if (prefix === 'ami') return `arn:aws:ec2:${region}::image/${id}`;
  const type = ec2Ids[prefix];
  if (!type)
    throw new UnsupportedInSandboxError(`the resource ${id} in ${call}; add its prefix to ec2Ids in grants.yaml`);
  return `arn:aws:ec2:${region}:${account}:${type}/${id}`;
}

function queueArn(url: string, { account, region }: ResourceValues): string {
  const [owner = account, name = ''] = new URL(url).pathname.split('/').filter((step) => step !== '');
  return `arn:aws:sqs:${region}:${owner}:${name}`;
}
