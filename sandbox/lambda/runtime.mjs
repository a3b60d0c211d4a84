import { workerData } from 'node:worker_threads';
import { runInvocation } from './invocation.mjs';
import { loadHandler } from './load-handler.mjs';
import { failureLine, nameTaskRoot, toFailure, toRejection } from './runtime-errors.mjs';
import { installVirtualDate, setNow } from './virtual-date.mjs';

const { port, taskRoot, handler, nodeMajor, nowMs } = workerData;

captureOutput('stdout');
captureOutput('stderr');
hideHostWarning();
installVirtualDate();
setNow(nowMs);
process.cwd = () => taskRoot;
globalThis.awslambda = {
  streamifyResponse: () => {
    throw Object.assign(new Error('The sandbox does not support response streaming.'), {
      name: 'UnsupportedInSandboxError',
    });
  },
};

let failNow = (failure) => port.postMessage({ type: 'initError', failure });
process.on('uncaughtException', (error) => stop('Uncaught Exception', toFailure(error, taskRoot), 129));
process.on('unhandledRejection', (reason) => {
  stop('Unhandled Promise Rejection', toRejection(reason, taskRoot), 128);
});

const startedAt = performance.now();
try {
  const loaded = await loadHandler(taskRoot, handler, nodeMajor);
  port.on('message', (request) => serve(loaded, request));
  port.postMessage({ type: 'ready', initMs: performance.now() - startedAt });
} catch (error) {
  logFailure('Init Error', toFailure(error, taskRoot));
  port.postMessage({ type: 'initError', failure: toFailure(error, taskRoot) });
}

function serve(loaded, request) {
  setNow(request.nowMs);
  process.env._X_AMZN_TRACE_ID = request.traceId;
  failNow = (failure) => port.postMessage({ type: 'crash', failure });
  port.unref();
  runInvocation({ handler: loaded, nodeMajor, taskRoot, process }, request, (outcome) => {
    port.ref();
    if (outcome.type === 'error') logFailure('Invoke Error', outcome.failure);
    port.postMessage(outcome);
  });
}

function stop(title, failure, exitCode) {
  logFailure(title, failure);
  failNow(failure);
  process.exit(exitCode);
}

function logFailure(title, failure) {
  process.stderr.write(failureLine(title, failure));
}

/** Output goes the same way as results, so that every line of an invocation arrives before its result. */
function captureOutput(stream) {
  process[stream].write = (chunk, encoding, done) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    port.postMessage({ type: 'output', stream, text: nameTaskRoot(text, taskRoot) });
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) queueMicrotask(callback);
    return true;
  };
}

/** The AWS SDK warns of the Node.js that the host runs, which is not the one that runs the function in AWS. */
function hideHostWarning() {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning, ...rest) => {
    if (!`${warning}`.includes('NodeVersionSupportWarning')) emitWarning(warning, ...rest);
  };
}
