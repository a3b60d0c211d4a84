import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import * as esbuild from 'esbuild';
import { type OwnGlobals, ownNames } from './own-globals.ts';

type Require = (specifier: string) => object;
/** Makes an instance of a program: the imports of its files, each of which runs its file when it is first called. */
type Program = (module: { exports: (() => Promise<object>)[] }, ...given: readonly unknown[]) => void;

interface LinkedProgram {
  readonly files: readonly string[];
  readonly program: Program;
}

/**
 * The code of functions that share a process: all of it one program, of which each function has an instance. A file that
 * many functions have is in it once, so what V8 learns of it in one it knows in all; what one file imports of another is a
 * variable of the program, and no look at a module. A file runs in an instance when that first imports it.
 */
export class LinkedCode {
  readonly #linked: Promise<LinkedProgram>;

  /** Begins to link the files that functions begin with. */
  constructor(files: readonly string[]) {
    this.#linked = linkAhead(files);
  }

  /**
   * The exports of one of the files, as a function has them whose globals these are. It finds its own files and the
   * modules of Node.js, some of them given anew; nothing else. Wherever its code stands, `import.meta.url` is this file.
   */
  async import(file: string, globals: OwnGlobals, given: Readonly<Record<string, object>>): Promise<object> {
    // Where one of them is broken, each is linked alone, and says what is wrong with it.
    const { files, program } = await this.#linked.catch(() => linkAhead([file]));
    const module: Parameters<Program>[0] = { exports: [] };
    const own = ownNames.map((name) => globals[name]);
    program(module, requireFrom(given), pathToFileURL(file).href, ...own);
    return (await module.exports[files.indexOf(file)]?.()) ?? {};
  }
}

/** What is linked in this process, by its files: whoever brings up a stack again finds it. */
const known = new Map<readonly string[], Promise<LinkedProgram>>();

/** Links files, unless they are linked, alone or with others: whoever knows early what will run may begin early. */
export function linkAhead(files: readonly string[]): Promise<LinkedProgram> {
  for (const [others, linked] of known) if (files.every((file) => others.includes(file))) return linked;
  const linking = link(files);
  known.set(files, linking);
  linking.catch(() => known.delete(files));
  return linking;
}

async function link(files: readonly string[]): Promise<LinkedProgram> {
  const imports = files.map((file) => `() => import(${JSON.stringify(file)})`);
  const result = await esbuild
    .build({
      stdin: { contents: `module.exports = [${imports.join()}];`, resolveDir: '/' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      minifyWhitespace: true,
      treeShaking: false,
      define: { 'import.meta.url': 'moduleUrl' },
      supported: { 'dynamic-import': false },
      plugins: [oneOfEach],
      write: false,
      logLevel: 'silent',
    })
    .catch((failure: esbuild.BuildFailure) => {
      throw new SyntaxError(failure.errors[0]?.text ?? failure.message);
    });
  const code = result.outputFiles[0]?.text ?? '';
  // Traces name the code as they do in Lambda, whichever function it is of.
  const filename = '/var/task/index.mjs';
  const program = vm.compileFunction(code, ['module', 'require', 'moduleUrl', ...ownNames], { filename }) as Program;
  return { files, program };
}

/** A file that is named after what is in it, and in what it imports, is the same wherever it lies; packages are not found. */
const oneOfEach: esbuild.Plugin = {
  name: 'one-of-each',
  setup(build) {
    const places = new Map<string, string>();
    build.onResolve({ filter: /^\.\/.*-[A-Z0-9]{8}\.mjs$/ }, ({ path, resolveDir }) => {
      const place = places.get(path) ?? join(resolveDir, path);
      places.set(path, place);
      return { path: place };
    });
    build.onResolve({ filter: /^[^./]/ }, ({ path }) => ({ path, external: true }));
  },
};

function requireFrom(given: Readonly<Record<string, object>>): Require {
  const find: Require = (specifier) => {
    const name = specifier.replace(/^(?!node:)/, 'node:');
    const found =
      name === 'node:module' ? { createRequire: () => find } : (given[name] ?? process.getBuiltinModule(name));
    if (!found) throw missing(specifier);
    return found;
  };
  return find;
}

function missing(specifier: string): Error {
  return Object.assign(new Error(`Cannot find package '${specifier}'`), { code: 'MODULE_NOT_FOUND' });
}
