import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import type { DeployedConfig } from '../functions/domain/deployed-config.ts';

/** One bundled function. */
export interface Bundle {
  readonly name: string;
  /** The directory that is deployed: `index.mjs` and `config.json`. */
  readonly directory: string;
  readonly bytes: number;
}

/** Every function of a project: a folder below `functions/` that has a `handler.ts`. */
export function listFunctions(projectRoot: string): string[] {
  const root = join(projectRoot, 'functions');
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'handler.ts')))
    .sort();
}

/**
 * Bundles every function in one run. Each is an ES module that holds its part of the AWS SDK; the source maps stay
 * beside the bundles, because enabling them costs every cold start. The same sources give the same bytes.
 */
export async function bundleFunctions(projectRoot: string, out = join(projectRoot, '.build')): Promise<Bundle[]> {
  const names = listFunctions(projectRoot);
  for (const stale of ['functions', 'maps']) rmSync(join(out, stale), { recursive: true, force: true });
  const result = await esbuild.build({
    absWorkingDir: projectRoot,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, `functions/${name}/handler.ts`])),
    outdir: '.build/bundles',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minify: true,
    keepNames: true,
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
  return names.map((name) => writeBundle(name, out, result.outputFiles ?? []));
}

/** The functions that were bundled into a directory. */
export function listBundles(out: string): Bundle[] {
  const root = join(out, 'functions');
  return readdirSync(root).map((name) => {
    const directory = join(root, name);
    return { name, directory, bytes: statSync(join(directory, 'index.mjs')).size };
  });
}

/** Lays the configuration beside every bundle. */
export function configureFunctions(bundles: readonly Bundle[], config: DeployedConfig): void {
  const settings = `${JSON.stringify(config)}\n`;
  for (const { directory } of bundles) writeFileSync(join(directory, 'config.json'), settings);
}

function writeBundle(name: string, out: string, files: readonly esbuild.OutputFile[]): Bundle {
  const directory = join(out, 'functions', name);
  mkdirSync(directory, { recursive: true });
  mkdirSync(join(out, 'maps'), { recursive: true });
  const code = files.find((file) => file.path.endsWith(join(name, 'index.mjs')));
  const map = files.find((file) => file.path.endsWith(join(name, 'index.mjs.map')));
  if (!code) throw new Error(`esbuild made nothing of functions/${name}/handler.ts.`);
  writeFileSync(join(directory, 'index.mjs'), code.contents);
  if (map) writeFileSync(join(out, 'maps', `${name}.mjs.map`), map.contents);
  return { name, directory, bytes: code.contents.byteLength };
}

/**
 * The SDK's schemas spell their keys as constants (`{ [_xN]: … }`), which no bundler may drop because a computed key
 * could have effects. Written out they are plain data: unused operations go, and EC2 alone gets 550 KB smaller.
 */
export function inlineSchemaKeys(source: string): string {
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
