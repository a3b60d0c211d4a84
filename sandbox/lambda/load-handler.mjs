import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runtimeError } from './runtime-errors.mjs';

const CALLBACK_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
  'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
  'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

/**
 * Loads the handler that `<path>/<file>.<export>` names, as the Lambda runtime for this Node.js major does. `importFile`
 * gives the exports of a file that exists.
 */
export async function loadHandler(taskRoot, handler, nodeMajor, importFile = importAsNode) {
  if (handler.includes('..')) throw runtimeError('MalformedHandlerName', `'${handler}' is not a valid handler name.`);
  const file = basename(handler);
  const match = /^([^.]*)\.(.*)$/.exec(file);
  if (!match) throw runtimeError('MalformedHandlerName', 'Bad handler');
  const module = await importModule(findHandlerFile(taskRoot, handler), match[1], (file) => importFile(file, taskRoot));
  const found = match[2].split('.').reduce((nested, key) => nested?.[key], module);
  if (!found) throw runtimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw runtimeError('HandlerNotFound', `${handler} is not a function`);
  if (nodeMajor >= 24 && found.length >= 3) throw runtimeError('CallbackHandlerDeprecated', CALLBACK_REMOVED);
  return found;
}

/** The file that a handler is in, or undefined where there is none. */
export function findHandlerFile(taskRoot, handler) {
  const file = basename(handler);
  const path = resolve(taskRoot, handler.slice(0, handler.indexOf(file)), file.split('.')[0]);
  return ['.js', '.mjs', '.cjs'].map((extension) => path + extension).find((candidate) => existsSync(candidate));
}

async function importModule(file, name, importFile) {
  try {
    if (!file) throw missing(name);
    return await importFile(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw renamed('UserCodeSyntaxError', error);
    if (error?.code === 'MODULE_NOT_FOUND') throw renamed('ImportModuleError', error);
    throw error;
  }
}

function importAsNode(file, taskRoot) {
  return isCommonJs(file, taskRoot) ? createRequire(file)(file) : import(pathToFileURL(file).href);
}

function isCommonJs(file, taskRoot) {
  if (!file.endsWith('.js')) return file.endsWith('.cjs');
  const manifest = join(taskRoot, 'package.json');
  return !existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).type !== 'module';
}

function missing(name) {
  const error = new Error(`Cannot find module '${name}'\nRequire stack:\n- /var/runtime/index.mjs`);
  return Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}

function renamed(kind, cause) {
  const error = runtimeError(kind, String(cause));
  error.stack = cause.stack;
  return error;
}
