import { createHash } from 'node:crypto';

/** What a runbook is made of, by the name that people know it by: the SHA-256 of its canonical form. */
export type Artifacts = Readonly<Record<string, string>>;

/** One thing that runs in the account, which the guard reads and compares before anything is changed. */
export interface DeployedArtifact {
  readonly kind: 'machine' | 'document' | 'catalog';
  /** What AWS calls it: name of the state machine, the document or the parameter. */
  readonly name: string;
  /** The file that it was made from, as people know it. */
  readonly file: string;
  readonly sha256: string;
}

/** What the build says of a runbook that was rehearsed exactly as it is deployed. */
export interface DeployedCertificate {
  /** Hash over everything that was rehearsed: the same as long as nothing of it has changed. */
  readonly hash: string;
  readonly artifacts: readonly DeployedArtifact[];
}

/** Where something is deployed. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Where what an ARN names is. */
export function placeOf(arn: string): Place {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/** One hash over all that was rehearsed. */
export function certificateHashOf(artifacts: Artifacts): string {
  return sha256Of(canonicalJson(artifacts));
}

/**
 * Why what is there is not what was rehearsed, as a sentence for people; undefined when it is. `rehearsed` is undefined
 * where there is no rehearsal. Said at synth and by the guard, in the same words.
 */
export function whyUncertified(rehearsed: Artifacts | undefined, found: Artifacts): string | undefined {
  if (!rehearsed) return 'It was never rehearsed.';
  const names = [...new Set([...Object.keys(found), ...Object.keys(rehearsed)])].sort();
  const changed = names.filter((name) => rehearsed[name] !== found[name]);
  if (changed.length === 0) return undefined;
  const [first = '', ...more] = changed;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${first}${others} ${more.length === 0 ? 'is' : 'are'} not what was rehearsed.`;
}

/** The same for what runs in the account: `found` has the hash of each artifact by its file. */
export function whyNotAsDeployed(certificate: DeployedCertificate | undefined, found: Artifacts): string | undefined {
  if (!certificate) return whyUncertified(undefined, found);
  return whyUncertified(Object.fromEntries(certificate.artifacts.map(({ file, sha256 }) => [file, sha256])), found);
}

/** Hashes of texts that were read before: what is deployed is mostly what it was when it was last looked at. */
const known = new Map<string, string>();

/** The hash of a state machine's definition or of an SSM document, from its JSON text as AWS gives it back. */
export function hashOfDeployed(text: string, place: Place): string {
  const placeless = withoutPlace(text, place);
  const hash = known.get(placeless) ?? sha256Of(canonicalJson(JSON.parse(placeless)));
  if (known.size > 200) known.clear();
  known.set(placeless, hash);
  return hash;
}

/** The hash of a value of JSON, in whatever order its members stand. */
export function hashOfJson(value: unknown): string {
  return sha256Of(canonicalJson(value));
}

/** The hash of what the catalog lets a runbook do. Its role is named by CloudFormation, and IAM says what that may do. */
export function hashOfCatalog(entry: object): string {
  return hashOfJson({ ...entry, automation_role_arn: '' });
}

export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A certificate is of one template, whatever account and Region it is deployed to. */
function withoutPlace(text: string, { partition, region, account }: Place): string {
  return text
    .replaceAll(new RegExp(`arn:${partition}:([a-z0-9-]+):${region}:${account}:`, 'g'), 'arn:*:$1:*:*:')
    .replaceAll(new RegExp(`https://sqs\\.${region}\\.[a-z.]+/${account}/`, 'g'), 'https://sqs/');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
