import { AwsError } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import { stableUuid } from '../stable-id.ts';

/** The value of one version: text, or base64 for bytes. */
export interface SecretValue {
  readonly SecretString?: string;
  readonly SecretBinary?: string;
}

interface Version extends SecretValue {
  readonly id: string;
  readonly createdAtMs: number;
  stages: readonly string[];
}

interface PutOptions {
  readonly token?: string;
  readonly stages?: readonly string[];
}

/** One secret and its versions, each known by the stages that point at it. */
export class Secret {
  readonly arn: string;
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #createdAtMs: number;
  #versions: readonly Version[] = [];

  constructor({ arn, name }: { readonly arn: string; readonly name: string }, clock: VirtualClock) {
    this.arn = arn;
    this.name = name;
    this.#clock = clock;
    this.#createdAtMs = clock.now();
  }

  /** Adds a version; the same token and value again change nothing. Throws ResourceExistsException for another value. */
  put(value: SecretValue, { token, stages = ['AWSCURRENT'] }: PutOptions = {}) {
    const id = token ?? stableUuid(`${this.arn}:${this.#versions.length + 1}`);
    const known = this.#versions.find((version) => version.id === id);
    if (known && (known.SecretString !== value.SecretString || known.SecretBinary !== value.SecretBinary)) {
      const message = `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${this.arn}.`;
      throw new AwsError('ResourceExistsException', message);
    }
    const version = known ?? this.#add({ ...value, id, createdAtMs: this.#clock.now(), stages });
    return { ARN: this.arn, Name: this.name, VersionId: id, VersionStages: version.stages };
  }

  /** Throws ResourceNotFoundException, in AWS's words. */
  get({ id, stage }: { readonly id?: string; readonly stage?: string }): Record<string, unknown> {
    const wanted = stage ?? (id === undefined ? 'AWSCURRENT' : undefined);
    const version = this.#versions.find(
      (candidate) =>
        (id === undefined || candidate.id === id) && (wanted === undefined || candidate.stages.includes(wanted)),
    );
    if (!version) {
      const sought = id === undefined ? `staging label: ${wanted}` : `VersionId: ${id}`;
      const message = `Secrets Manager can't find the specified secret value for ${sought}`;
      throw new AwsError('ResourceNotFoundException', message);
    }
    const { id: VersionId, createdAtMs, stages: VersionStages, ...value } = version;
    return { ARN: this.arn, Name: this.name, VersionId, ...value, VersionStages, CreatedDate: createdAtMs / 1000 };
  }

  describe(): Record<string, unknown> {
    const staged = this.#versions.filter((version) => version.stages.length > 0);
    const changedAtMs = this.#versions.at(-1)?.createdAtMs ?? this.#createdAtMs;
    return {
      ARN: this.arn,
      Name: this.name,
      CreatedDate: this.#createdAtMs / 1000,
      LastChangedDate: changedAtMs / 1000,
      ...(staged.length > 0
        ? { VersionIdsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, stages])) }
        : {}),
    };
  }

  /** A stage is at one version only; what loses AWSCURRENT becomes AWSPREVIOUS. */
  #add(version: Version): Version {
    const { stages } = version;
    const current = stages.includes('AWSCURRENT') ? this.#versions.find(isCurrent) : undefined;
    const taken = current ? [...stages, 'AWSPREVIOUS'] : stages;
    for (const other of this.#versions) other.stages = other.stages.filter((stage) => !taken.includes(stage));
    if (current) current.stages = [...current.stages, 'AWSPREVIOUS'];
    this.#versions = [...this.#versions, version];
    return version;
  }
}

function isCurrent({ stages }: Version): boolean {
  return stages.includes('AWSCURRENT');
}
