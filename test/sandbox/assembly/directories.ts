import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Assembly, type AssemblyOptions, readAssembly } from '../../../sandbox/assembly/read-assembly.ts';

export const HERE = { account: '123456789012', region: 'eu-central-1' } as const;

export interface HandwrittenStack {
  readonly template: object;
  readonly dependencies?: readonly string[];
  readonly environment?: string;
  readonly assets?: object;
}

/** An empty directory. */
export function aDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'assembly-'));
}

/** Synthesises a CDK application as `cdk synth` does and gives the directory of its cloud assembly. */
export function synthesize(define: (app: App, sources: string) => void): string {
  const outdir = join(aDirectory(), 'cdk.out');
  const sources = aDirectory();
  const app = new App({
    outdir,
    context: { '@aws-cdk/core:enablePathMetadata': true, 'aws:cdk:enable-path-metadata': true },
  });
  define(app, sources);
  app.synth();
  return outdir;
}

/** Writes a file, its directories included, and gives its path. */
export function writeFile(directory: string, name: string, text: string): string {
  const file = join(directory, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Writes a cloud assembly of handwritten stacks and gives its directory. */
export function writeAssembly(stacks: Readonly<Record<string, HandwrittenStack>>): string {
  const directory = aDirectory();
  const artifacts = Object.entries(stacks).flatMap(([name, { template, dependencies = [], environment, assets }]) => {
    writeFile(directory, `${name}.template.json`, JSON.stringify(template));
    if (assets) writeFile(directory, `${name}.assets.json`, JSON.stringify({ version: '55.0.0', files: assets }));
    const stack = {
      type: 'aws:cloudformation:stack',
      environment: environment ?? 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${name}.template.json` },
      dependencies: assets ? [...dependencies, `${name}.assets`] : dependencies,
    };
    const manifest = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    return assets
      ? [
          [`${name}.assets`, manifest],
          [name, stack],
        ]
      : [[name, stack]];
  });
  writeFile(
    directory,
    'manifest.json',
    JSON.stringify({ version: '55.0.0', artifacts: Object.fromEntries(artifacts) }),
  );
  return directory;
}

/** Resolves one handwritten stack named `App`. */
export function readTemplate(template: object, options: Partial<AssemblyOptions> = {}): Promise<Assembly> {
  return readAssembly(writeAssembly({ App: { template } }), { ...HERE, ...options });
}
