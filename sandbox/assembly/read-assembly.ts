import { resolve } from 'node:path';
import { UnsupportedInSandboxError } from '../aws.ts';
import { Assembly } from './assembly.ts';
import { AssemblyError } from './assembly-error.ts';
import { Assets } from './assets.ts';
import { Deployed } from './deployed.ts';
import { type Environment, environmentOf } from './environment.ts';
import { readJson, readManifest, type StackArtifact } from './manifest.ts';
import { orderByDependencies } from './order.ts';
import { findUnknownReferences } from './references.ts';
import type { Resource } from './resource.ts';
import { resourceTypeOf } from './resource-types.ts';
import { Stack } from './stack.ts';
import { parseTemplate, type Template } from './template.ts';

export { Assembly } from './assembly.ts';
export { AssemblyError } from './assembly-error.ts';
export type { Output } from './deployed.ts';
export { Resource } from './resource.ts';

/** Where and with which parameters an assembly is resolved. */
export interface AssemblyOptions {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Parameter values by `Name`, for every stack that has it, or by `Stack:Name`, as `cdk deploy --parameters` takes them. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Reads the cloud assembly that `cdk synth` wrote into a directory and resolves it as CloudFormation would. Throws an
 * `AssemblyError` that lists everything wrong with the first stack that cannot be deployed, or an
 * `UnsupportedInSandboxError` for what CloudFormation can do and the sandbox cannot.
 */
export async function readAssembly(directory: string, options: AssemblyOptions): Promise<Assembly> {
  const environment = environmentOf(options.account, options.region);
  const assets = new Assets(environment);
  const deployed = new Deployed();
  const resources: Resource[] = [];
  const artifacts = await readManifest(resolve(directory));
  const templates = await Promise.all(artifacts.map((artifact) => readTemplate(artifact, environment)));
  const parameters = distributeParameters(options.parameters ?? {}, templates);
  for (const [index, template] of templates.entries()) {
    for (const file of artifacts[index]?.assetFiles ?? []) await assets.addManifest(file);
    const given = parameters.get(template.stackName) ?? new Map();
    resources.push(...deployStack(template, { environment, parameters: given, deployed }));
  }
  return new Assembly(environment, resources, deployed.outputs, assets);
}

async function readTemplate(artifact: StackArtifact, environment: Environment): Promise<Template> {
  const { stackName, environment: declared } = artifact;
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(declared) ?? [];
  const isElsewhere =
    (account !== 'unknown-account' && account !== environment.account) ||
    (region !== 'unknown-region' && region !== environment.region);
  if (isElsewhere) {
    const here = `aws://${environment.account}/${environment.region}`;
    throw new UnsupportedInSandboxError(`the stack ${stackName} of ${declared} in a sandbox for ${here}`);
  }
  return parseTemplate(await readJson(artifact.templateFile), stackName);
}

function distributeParameters(given: Readonly<Record<string, string>>, templates: readonly Template[]) {
  const values = new Map(templates.map(({ stackName }) => [stackName, new Map<string, string>()]));
  for (const [key, value] of Object.entries(given)) {
    const [name = '', stack] = key.split(':').reverse();
    const takers = templates.filter(
      ({ stackName, parameters }) => Object.hasOwn(parameters, name) && (stack === undefined || stack === stackName),
    );
    if (takers.length === 0) throw new AssemblyError([`No stack takes the parameter ${key}.`]);
    for (const { stackName } of takers) values.get(stackName)?.set(name, value);
  }
  return values;
}

function deployStack(template: Template, inputs: ConstructorParameters<typeof Stack>[1]): readonly Resource[] {
  throwAll(findUnknownReferences(template));
  const stack = new Stack(template, inputs);
  throwAll([...stack.resources.values()].flatMap((resource) => attempt(() => resolveResource(resource))));
  const ordered = orderByDependencies(stack.name, stack.resources);
  throwAll(attempt(() => stack.outputs().forEach((output) => inputs.deployed.add(output))));
  return ordered;
}

function resolveResource(resource: Resource): void {
  void resource.properties;
  if (resourceTypeOf(resource.type)) void [resource.physicalId, resource.arn];
}

function attempt(work: () => void): readonly Error[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof AssemblyError || error instanceof UnsupportedInSandboxError) return [error];
    throw error;
  }
}

function throwAll(errors: readonly Error[]): void {
  const [first] = errors;
  if (first && errors.length === 1) throw first;
  if (first) throw new AssemblyError([...new Set(errors.map(({ message }) => message))]);
}
