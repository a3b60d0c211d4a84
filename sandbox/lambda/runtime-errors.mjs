import { types } from 'node:util';

/** Names the code as it is named in Lambda, so that traces are the same there, here and in every run. */
export function nameTaskRoot(text, taskRoot) {
  return text.replaceAll(taskRoot, '/var/task');
}

/** An error of the runtime itself, named as Lambda names it: `Runtime.HandlerNotFound`. */
export function runtimeError(kind, message, cause) {
  const error = new Error(message, { cause });
  error.name = `Runtime.${kind}`;
  return error;
}

/** The failure that Lambda reports for a rejection that nobody handled. */
export function toRejection(reason, taskRoot) {
  const errorType = 'Runtime.UnhandledPromiseRejection';
  return { ...toFailure(reason, taskRoot), errorType, errorMessage: String(reason) };
}

/** The line that Lambda writes to the log of an invocation that failed. */
export function failureLine(title, { trace: stack, ...rest }) {
  return `${title}\t${JSON.stringify({ ...rest, stack })}\n`;
}

/** The failure that Lambda reports for whatever a handler threw. */
export function toFailure(thrown, taskRoot) {
  if (!types.isNativeError(thrown) && !(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  /** @type {{ name: unknown, message: unknown, stack: unknown }} Whoever throws may have made them anything. */
  const { name, message, stack } = thrown;
  return {
    errorType: String(name),
    errorMessage: nameTaskRoot(String(message), taskRoot),
    trace: nameTaskRoot(String(stack), taskRoot).split('\n'),
  };
}
