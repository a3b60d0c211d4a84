/** A logger without `info`, which the SDK then does not call. What it warns of, such as too few sockets, is still said. */
const logger = {
  trace: () => undefined,
  debug: () => undefined,
  warn: (...said: unknown[]) => console.warn(...said),
  error: () => undefined,
} as unknown as Console;

/**
 * What every AWS client is made with. Its middleware is put together once for each operation and not anew for each call,
 * which takes a fifth of what a call costs; nothing here adds any later. Its logger takes no line about each call: for
 * that the SDK would walk through every request and response, a quarter of what is left, and show it to nobody.
 */
export const clientOptions = { cacheMiddleware: true, logger } as const;
