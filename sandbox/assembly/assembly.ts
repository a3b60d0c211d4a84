import { UnsupportedInSandboxError } from '../aws.ts';
import { AssemblyError, problemAt } from './assembly-error.ts';
import type { Assets } from './assets.ts';
import { readDefinition } from './definition.ts';
import type { Output } from './deployed.ts';
import { findDynamicReferences } from './dynamic-reference.ts';
import type { Environment } from './environment.ts';
import { isRecord, scalarText } from '../members.ts';
import type { Resource } from './resource.ts';
import { resourceTypeOf } from './resource-types.ts';

// Which property names the uploaded file, and how its bucket and key are spelled there.
const ASSET_PROPERTIES: Readonly<Record<string, readonly [property: string, bucket: string, key: string]>> = {
  'AWS::Lambda::Function': ['Code', 'S3Bucket', 'S3Key'],
  'AWS::Lambda::LayerVersion': ['Content', 'S3Bucket', 'S3Key'],
  'AWS::StepFunctions::StateMachine': ['DefinitionS3Location', 'Bucket', 'Key'],
};

/** A cloud assembly as it would stand in one account and region after all its stacks are deployed. */
export class Assembly {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Every resource that no condition leaves out, in an order in which they can be created. */
  readonly resources: readonly Resource[];
  readonly outputs: readonly Output[];
  readonly #assets: Assets;
  readonly #byType: ReadonlyMap<string, readonly Resource[]>;
  readonly #byLogicalId: ReadonlyMap<string, Resource>;
  readonly #byPhysicalId: ReadonlyMap<string, Resource>;
  readonly #byArn: ReadonlyMap<string, Resource>;

  constructor(environment: Environment, resources: readonly Resource[], outputs: readonly Output[], assets: Assets) {
    this.account = environment.account;
    this.region = environment.region;
    this.partition = environment.partition;
    this.resources = resources;
    this.outputs = outputs;
    this.#assets = assets;
    this.#byType = groupByType(resources);
    this.#byLogicalId = new Map(resources.map((resource) => [`${resource.stack}/${resource.logicalId}`, resource]));
    this.#byPhysicalId = indexPhysicalIds(resources);
    // A log group is named with and without the ":*" that its Arn attribute ends with.
    this.#byArn = new Map(resources.flatMap((resource) => arnsOf(resource).map((arn) => [arn, resource])));
  }

  /** Every resource of a type, such as `AWS::Lambda::Function`. */
  ofType(type: string): readonly Resource[] {
    return this.#byType.get(type) ?? [];
  }

  /** One resource. Throws an `AssemblyError` when there is none. */
  get(stack: string, logicalId: string): Resource {
    const resource = this.#byLogicalId.get(`${stack}/${logicalId}`);
    if (resource) return resource;
    throw problemAt(`${stack}/${logicalId}`, 'the assembly has no such resource.');
  }

  /** The resource of a type that has this physical id (what `Ref` gives), or undefined. */
  byPhysicalId(type: string, physicalId: string): Resource | undefined {
    return this.#byPhysicalId.get(`${type} ${physicalId}`);
  }

  /** The resource that has this ARN, or undefined. A log group is found with and without the `:*` at its end. */
  byArn(arn: string): Resource | undefined {
    return this.#byArn.get(arn);
  }

  /** The value of one output. Throws an `AssemblyError` when there is none. */
  output(stack: string, name: string): string {
    const output = this.outputs.find((candidate) => candidate.stack === stack && candidate.name === name);
    if (output) return output.value;
    throw problemAt(`${stack} Outputs.${name}`, 'the assembly has no such output.');
  }

  /**
   * The absolute path of the file or folder that a function's `Code`, a layer's `Content` or a state machine's
   * `DefinitionS3Location` names. Throws an `AssemblyError` when the assembly does not hold it.
   */
  assetPath(resource: Resource): string {
    const place = `${resource.stack}/${resource.logicalId}`;
    const [property, bucketKey, keyKey] = ASSET_PROPERTIES[resource.type] ?? [];
    const location = property === undefined ? undefined : resource.properties[property];
    if (!isRecord(location) || !bucketKey || !keyKey) throw problemAt(place, `this ${resource.type} has no file.`);
    const [bucket, key] = [scalarText(location[bucketKey]), scalarText(location[keyKey])];
    if (bucket === undefined || key === undefined) {
      throw new UnsupportedInSandboxError(`code that is not a file asset (${place} Properties.${property})`);
    }
    const path = this.#assets.find(bucket, key);
    if (path) return path;
    throw problemAt(`${place} Properties.${property}`, `the assembly holds no file for s3://${bucket}/${key}.`);
  }

  /** The definition of a state machine, substitutions made: always JSON text when it comes from a file. */
  definitionOf(stateMachine: Resource): string {
    return readDefinition(stateMachine, (resource) => this.assetPath(resource));
  }

  /**
   * Throws an `UnsupportedInSandboxError` that names every type of this assembly that is not among `types`, and every
   * `{{resolve:…}}` in its properties, which nobody fills in.
   */
  assertSupported(types: ReadonlySet<string>): void {
    const unsupported = [...this.#byType].filter(([type]) => !types.has(type));
    const named = unsupported.map(([type, [first]]) => `${type} (such as ${first?.stack}/${first?.logicalId})`);
    const found = this.resources.flatMap(({ properties, stack, logicalId }) =>
      findDynamicReferences(properties, `${stack}/${logicalId} Properties`),
    );
    const lacking = [...named, ...found.map((reference) => `the dynamic reference ${reference}`)];
    if (lacking.length > 0) throw new UnsupportedInSandboxError(lacking.join(', '));
  }
}

function groupByType(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) groups.set(resource.type, [...(groups.get(resource.type) ?? []), resource]);
  return groups;
}

function indexPhysicalIds(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  const index = new Map<string, Resource>();
  const problems: string[] = [];
  for (const resource of resources.filter(({ type }) => resourceTypeOf(type))) {
    const key = `${resource.type} ${resource.physicalId}`;
    const other = index.get(key);
    if (other) {
      const both = `${other.stack}/${other.logicalId} and ${resource.stack}/${resource.logicalId}`;
      problems.push(`${both} are both the ${resource.type} ${resource.physicalId}.`);
    }
    index.set(key, resource);
  }
  if (problems.length > 0) throw new AssemblyError(problems);
  return index;
}

function arnsOf(resource: Resource): readonly string[] {
  const { arn } = resource;
  if (arn === undefined) return [];
  return arn.endsWith(':*') ? [arn, arn.slice(0, -2)] : [arn];
}
