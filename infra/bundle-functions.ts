import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import type { DeployedConfig } from '../functions/domain/deployed-config.ts';
import { listFunctions } from './list-functions.ts';

/** One bundled function. */
export interface Bundle {
  readonly name: string;
  /** The directory that is deployed: `index.mjs`, what it imports, and `config.json`. */
  readonly directory: string;
  readonly bytes: number;
}

/** Where esbuild says that it writes to; what it makes is written by us. */
const builtAs = '.build/bundles';

/**
 * Bundles every function in one run, as ES modules: its own file, and beside it what it shares with others, such as its
 * part of the AWS SDK. Code that functions share is the same file in all of them, so that whoever runs them in one
 * process compiles it once. The source maps stay elsewhere, because enabling them costs every cold start; they are always
 * made, because without them the files have other names. The same sources give the same bytes.
 */
export async function bundleFunctions(projectRoot: string, out = join(projectRoot, '.build')): Promise<Bundle[]> {
  const names = listFunctions(projectRoot);
  for (const stale of ['functions', 'maps']) rmSync(join(out, stale), { recursive: true, force: true });
  const result = await esbuild.build({
    absWorkingDir: projectRoot,
    entryPoints: Object.fromEntries(names.map((name) => [name, `functions/${name}/handler.ts`])),
    outdir: builtAs,
    splitting: true,
    metafile: true,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    sourcemap: 'external',
    mainFields: ['module', 'main'],
    // A long name of its own: a short one collides with a minified name, and breaks the minified build alone.
    banner: {
      js: "import{createRequire as handsoffCreateRequire}from'node:module';const require=handsoffCreateRequire(import.meta.url);",
    },
    write: false,
    logLevel: 'error',
    plugins: [treeShakeableSchemas],
  });
  const contents = new Map(result.outputFiles.map(({ path, contents }) => [basename(path), contents]));
  mkdirSync(join(out, 'maps'), { recursive: true });
  for (const [file, map] of contents) if (file.endsWith('.map')) writeFileSync(join(out, 'maps', file), map);
  return names.map((name) => writeBundle(name, out, contents, result.metafile));
}

/** The names of a bundle's files of code, in order. */
export function codeFilesOf(directory: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.mjs'))
    .sort();
}

/** Lays the configuration beside every bundle. */
export function configureFunctions(bundles: readonly Bundle[], config: DeployedConfig): void {
  const settings = `${JSON.stringify(config)}\n`;
  for (const { directory } of bundles) writeFileSync(join(directory, 'config.json'), settings);
}

/** Writes a function's own file as `index.mjs`, and beside it all that it imports. */
function writeBundle(
  name: string,
  out: string,
  contents: ReadonlyMap<string, Uint8Array>,
  metafile: esbuild.Metafile,
): Bundle {
  const directory = join(out, 'functions', name);
  mkdirSync(directory, { recursive: true });
  const own = `${name}.mjs`;
  let bytes = 0;
  for (const file of importedBy(`${builtAs}/${own}`, metafile)) {
    const code = contents.get(basename(file));
    if (!code) throw new Error(`esbuild made nothing of functions/${name}/handler.ts.`);
    writeFileSync(join(directory, basename(file) === own ? 'index.mjs' : basename(file)), code);
    bytes += code.byteLength;
  }
  return { name, directory, bytes };
}

/** A file and all that it imports, in turn. */
function importedBy(path: string, metafile: esbuild.Metafile, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: imported, external } of metafile.outputs[path]?.imports ?? [])
    if (!external) importedBy(imported, metafile, found);
  return found;
}

/**
 * The SDK's schemas spell their keys as constants (`{ [_xN]: … }`), which no bundler may drop because a computed key
 * could have effects. Written out they are plain data: unused operations go, and EC2 alone gets 550 KB smaller.
 */
function inlineSchemaKeys(source: string): string {
  const constants = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replace(/\[(_\w+)\]:/g, (whole, name: string) =>
    constants.has(name) ? `${constants.get(name)}:` : whole,
  );
}

const treeShakeableSchemas: esbuild.Plugin = {
  name: 'tree-shakeable-schemas',
  setup(build) {
    build.onLoad({ filter: /client-[a-z0-9-]+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
      contents: inlineSchemaKeys(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};
