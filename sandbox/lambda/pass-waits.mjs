/**
 * Makes `await new Promise((resolve) => setTimeout(resolve, ms))` pass at once, as the AWS SDK waits before it tries
 * again: time stands still in an invocation. Time limits, which call a function of their own, stay as they are.
 */
export function passWaitsAtOnce() {
  const wait = globalThis.setTimeout;
  const patched = (callback, delay, ...args) => wait(callback, isResolve(callback) ? 0 : delay, ...args);
  globalThis.setTimeout = Object.defineProperties(patched, Object.getOwnPropertyDescriptors(wait));
}

/** What a promise gives its executor is built in, and has no name. */
function isResolve(callback) {
  return callback.name === '' && Function.prototype.toString.call(callback).includes('[native code]');
}
