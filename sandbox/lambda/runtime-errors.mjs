import { types } from 'node:util';

/** An error of the runtime itself, named as Lambda names it: `Runtime.HandlerNotFound`. */
export function runtimeError(kind, message) {
  const error = new Error(message);
  error.name = `Runtime.${kind}`;
  return error;
}

/** The failure that Lambda reports for whatever a handler threw. */
export function toFailure(thrown) {
  if (!types.isNativeError(thrown) && !(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  return {
    errorType: String(thrown.name),
    errorMessage: String(thrown.message),
    trace: String(thrown.stack).split('\n'),
  };
}
