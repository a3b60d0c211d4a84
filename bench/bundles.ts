import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunctions, codeFilesOf } from '../infra/bundle-functions.ts';
import { projectRoot } from '../cli/project-root.ts';
import { synthesise } from '../infra/synthesise.ts';
import { playedAccount, playedRegion } from '../rehearsal/played-place.ts';
import { readAssembly } from '../sandbox/assembly/read-assembly.ts';
import { printTable } from './table.ts';

/** The most a function may have, minified, in KB. */
const budgetKb = 900;

const runs = 7;

/** Variables of a function's environment. */
type Variables = Readonly<Record<string, string>>;

/** Size of every function's bundle, and the median time that loading it takes in a fresh process. */
export async function bundles(): Promise<void> {
  const bundling = bundleFunctions(projectRoot);
  const outdir = join(projectRoot, '.build/bench-assembly');
  const assembly = await synthesise({ projectRoot, outdir, bundles: bundling, validate: false });
  const environments = await environmentsOf(assembly);
  const rows = (await bundling).map(({ name, directory, bytes }) => [
    name,
    kbOf(bytes),
    kbOf(gzippedBytesOf(directory)),
    medianLoadMs(directory, environments.get(name) ?? {}),
  ]);
  printTable(['function', 'KB', 'KB gzipped', 'load ms'], rows);
  console.log(
    `\nBudget: ${budgetKb} KB minified. Loading: median of ${runs} fresh processes on this machine, Node ${process.version}.`,
  );
}

/** What the synthesised stack sets for each function, by the function's name without `handsoff-`. */
export async function environmentsOf(assembly: string): Promise<ReadonlyMap<string, Variables>> {
  const read = await readAssembly(assembly, { account: playedAccount, region: playedRegion });
  return new Map(
    read.ofType('AWS::Lambda::Function').map(({ properties }) => {
      const environment = properties['Environment'] as { readonly Variables?: Variables } | undefined;
      return [String(properties['FunctionName']).replace(/^handsoff-/, ''), environment?.Variables ?? {}];
    }),
  );
}

const script =
  'const t=performance.now();await import(process.argv[1]);process.stdout.write(String(performance.now()-t));process.exit(0)';

/** Milliseconds that a fresh process takes to load the function in `directory`. Throws where it cannot be loaded. */
export function loadMs(directory: string, variables: Variables): number {
  const env = { AWS_REGION: playedRegion, NODE_NO_WARNINGS: '1', ...variables };
  const args = ['--input-type=module', '-e', script, join(directory, 'index.mjs')];
  return Number(execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: 'pipe' }));
}

function medianLoadMs(directory: string, variables: Variables): number {
  const times = Array.from({ length: runs }, () => loadMs(directory, variables));
  return Math.round(times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0);
}

function gzippedBytesOf(directory: string): number {
  const sizes = codeFilesOf(directory).map((part) => gzipSync(readFileSync(join(directory, part))).byteLength);
  return sizes.reduce((total, bytes) => total + bytes, 0);
}

function kbOf(bytes: number): number {
  return Math.round(bytes / 1000);
}
