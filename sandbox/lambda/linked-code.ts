import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { transformSync } from 'esbuild';
import { type OwnGlobals, ownNames } from './own-globals.ts';

type Require = (specifier: string) => object;
type Factory = (...given: readonly unknown[]) => void;

/** One file of code, compiled once for all functions that have it: what V8 learns of it in one, it knows in all. */
const factories = new Map<string, Factory>();

/**
 * Gives the exports of an ES module, whose globals are a function's own and whose imports are linked: its own files, and
 * the modules of Node.js, some of them given anew; nothing else.
 */
export function importLinked(file: string, globals: OwnGlobals, given: Readonly<Record<string, object>>): object {
  const loaded = new Map<string, { exports: object }>();
  const load = (path: string): object => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(path, module);
    const own = ownNames.map((name) => globals[name]);
    factoryOf(path)(module, module.exports, requireFrom(path), pathToFileURL(path).href, ...own);
    return module.exports;
  };
  const requireFrom =
    (path: string): Require =>
    (specifier) =>
      specifier.startsWith('.') ? load(resolve(dirname(path), specifier)) : builtin(specifier);
  const builtin: Require = (specifier) => {
    const name = specifier.replace(/^(?!node:)/, 'node:');
    const found =
      name === 'node:module' ? { createRequire: () => builtin } : (given[name] ?? process.getBuiltinModule(name));
    if (!found) throw missing(specifier);
    return found;
  };
  return load(file);
}

function factoryOf(path: string): Factory {
  const source = readFileSync(path, 'utf8');
  const known = factories.get(source);
  if (known) return known;
  const { code } = transformSync(source, {
    format: 'cjs',
    minifyWhitespace: true,
    define: { 'import.meta.url': 'moduleUrl' },
    supported: { 'dynamic-import': false },
    logLevel: 'silent',
  });
  const names = ['module', 'exports', 'require', 'moduleUrl', ...ownNames];
  // Traces name it as they do in Lambda, whichever function it was compiled for.
  const filename = `/var/task/${basename(path)}`;
  const factory = vm.compileFunction(code, names, { filename }) as Factory;
  factories.set(source, factory);
  return factory;
}

function missing(specifier: string): Error {
  return Object.assign(new Error(`Cannot find package '${specifier}'`), { code: 'MODULE_NOT_FOUND' });
}
