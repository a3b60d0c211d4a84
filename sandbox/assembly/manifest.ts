import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AssemblyError } from './assembly-error.ts';
import { isRecord, type Members } from '../members.ts';

/** One CloudFormation stack of a cloud assembly. Paths are absolute. */
export interface StackArtifact {
  readonly stackName: string;
  /** `aws://123456789012/eu-central-1`, with `unknown-account` and `unknown-region` where the stack leaves them open. */
  readonly environment: string;
  readonly directory: string;
  readonly templateFile: string;
  readonly assetFiles: readonly string[];
}

interface Artifact {
  readonly id: string;
  readonly type: string;
  readonly properties: Members;
  readonly dependencies: readonly string[];
  readonly environment: string;
}

/** Reads JSON from a file. Throws an `AssemblyError` when there is none. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new AssemblyError([`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`], {
      cause,
    });
  }
}

/** Reads the stacks of a cloud assembly, nested stages included, in the order in which they are deployed. */
export async function readManifest(directory: string): Promise<readonly StackArtifact[]> {
  const artifacts = parseArtifacts(await readJson(join(directory, 'manifest.json')), directory);
  const stacks: StackArtifact[] = [];
  for (const artifact of orderByDependencies(artifacts, directory)) {
    if (artifact.type === 'aws:cloudformation:stack') stacks.push(toStack(artifact, artifacts, directory));
    if (artifact.type === 'cdk:cloud-assembly')
      stacks.push(...(await readManifest(nestedDirectory(artifact, directory))));
  }
  return stacks;
}

function parseArtifacts(manifest: unknown, directory: string): readonly Artifact[] {
  if (!isRecord(manifest) || !isRecord(manifest['artifacts'])) {
    throw new AssemblyError([`${join(directory, 'manifest.json')} is not the manifest of a cloud assembly.`]);
  }
  const { missing } = manifest;
  if (Array.isArray(missing) && missing.length > 0) {
    throw new AssemblyError([
      `${directory} lacks ${missing.length} context values: run cdk synth with an account first.`,
    ]);
  }
  return Object.entries(manifest['artifacts']).map(([id, artifact]) => {
    if (!isRecord(artifact)) throw new AssemblyError([`The artifact ${id} of ${directory} is not an object.`]);
    const { type, properties, dependencies, environment } = artifact;
    return {
      id,
      type: String(type),
      properties: isRecord(properties) ? properties : {},
      dependencies: Array.isArray(dependencies) ? dependencies.map(String) : [],
      environment: typeof environment === 'string' ? environment : 'aws://unknown-account/unknown-region',
    };
  });
}

function orderByDependencies(artifacts: readonly Artifact[], directory: string): readonly Artifact[] {
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const ordered = new Set<Artifact>();
  const visit = (artifact: Artifact, path: readonly string[]) => {
    if (ordered.has(artifact)) return;
    if (path.includes(artifact.id)) {
      throw new AssemblyError([
        `${directory} has a circular dependency between stacks: ${[...path, artifact.id].join(' → ')}.`,
      ]);
    }
    for (const id of artifact.dependencies) {
      const dependency = byId.get(id);
      if (dependency) visit(dependency, [...path, artifact.id]);
    }
    ordered.add(artifact);
  };
  for (const artifact of artifacts) visit(artifact, []);
  return [...ordered];
}

function toStack(artifact: Artifact, artifacts: readonly Artifact[], directory: string): StackArtifact {
  const { id, properties, dependencies, environment } = artifact;
  const assets = artifacts.filter((other) => other.type === 'cdk:asset-manifest' && dependencies.includes(other.id));
  return {
    stackName: typeof properties['stackName'] === 'string' ? properties['stackName'] : id,
    environment,
    directory,
    templateFile: join(directory, fileOf(artifact, 'templateFile')),
    assetFiles: assets.map((asset) => join(directory, fileOf(asset, 'file'))),
  };
}

function nestedDirectory(artifact: Artifact, directory: string): string {
  return join(directory, fileOf(artifact, 'directoryName'));
}

function fileOf(artifact: Artifact, property: string): string {
  const file = artifact.properties[property];
  if (typeof file !== 'string') throw new AssemblyError([`The artifact ${artifact.id} has no ${property}.`]);
  return file;
}
