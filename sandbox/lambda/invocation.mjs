import { runtimeError, toFailure } from './runtime-errors.mjs';

const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that ' +
  'was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

/**
 * Runs one invocation of code that sees `process` as its own, and calls `finish` exactly once, with its result or error. Up to Node.js 22 a handler may also
 * answer through its callback or `context.done`, and what it returns without a promise is ignored; from 24 on it may not.
 */
export function runInvocation({ handler, nodeMajor, taskRoot, process }, request, finish) {
  const once = finishOnce(process, taskRoot, finish);
  const context = contextOf(request, process.env);
  const whenIdle = (run) => once.onIdle(run);
  const callback = nodeMajor >= 24 ? undefined : addCallbacks(context, once, whenIdle);
  try {
    const returned = handler(JSON.parse(request.payload), context, ...(callback ? [callback] : []));
    if (typeof returned?.then === 'function') {
      whenIdle(() => once.fail(runtimeError('NodeJsExit', NEVER_SETTLED)));
      returned.then(once.succeed, once.fail);
    } else if (nodeMajor >= 24) once.succeed(returned);
    else if (!once.isIdleSet()) whenIdle(() => once.succeed(null));
  } catch (error) {
    once.fail(error);
  }
}

function finishOnce(process, taskRoot, finish) {
  let finished = false;
  let idle;
  const onBeforeExit = () => idle?.();
  process.on('beforeExit', onBeforeExit);
  const end = (outcome) => {
    if (finished) return;
    finished = true;
    process.off('beforeExit', onBeforeExit);
    finish(outcome);
  };
  return {
    succeed: (value) => end(serialised(value, taskRoot)),
    fail: (error) => end({ type: 'error', failure: toFailure(error, taskRoot) }),
    onIdle: (run) => {
      idle = run;
    },
    isIdleSet: () => idle !== undefined,
  };
}

function serialised(value, taskRoot) {
  try {
    return { type: 'result', payload: JSON.stringify(value === undefined ? null : value) ?? 'null' };
  } catch (cause) {
    const error = runtimeError('JSONStringifyError', 'Unable to stringify response body', cause);
    return { type: 'error', failure: toFailure(error, taskRoot) };
  }
}

function addCallbacks(context, once, whenIdle) {
  let waits = true;
  Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
    enumerable: true,
    get: () => waits,
    set: (value) => {
      waits = value;
    },
  });
  const isError = (error) => error !== undefined && error !== null;
  const done = (error, value) => (isError(error) ? once.fail(error) : once.succeed(value));
  Object.assign(context, { done, succeed: once.succeed, fail: (error) => once.fail(error ?? 'handled') });
  return (error, value) => {
    if (isError(error)) once.fail(error);
    else if (waits) whenIdle(() => once.succeed(value));
    else once.succeed(value);
  };
}

function contextOf(request, env) {
  const deadline = performance.now() + request.timeoutMs;
  return {
    functionVersion: '$LATEST',
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: request.invokedFunctionArn,
    awsRequestId: request.requestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}
