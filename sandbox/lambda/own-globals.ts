import { Console } from 'node:console';
import { EventEmitter } from 'node:events';
import type { OutputListener } from './execution-environment.ts';

/** What the code of a function takes for the process, the time and the console. */
export interface OwnGlobals {
  readonly process: NodeJS.Process;
  readonly Date: DateConstructor;
  readonly Intl: typeof Intl;
  readonly setTimeout: typeof setTimeout;
  readonly console: Console;
}

/** The names under which code finds them. */
export const ownNames = ['process', 'Date', 'Intl', 'setTimeout', 'console'] as const satisfies (keyof OwnGlobals)[];

/** What own globals are made of. */
export interface OwnGlobalsOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  /** The time that the code sees, in epoch milliseconds. */
  readonly now: () => number;
  readonly onOutput: OutputListener;
  /** Called when the code ends its process; throws whatever stops it. */
  readonly exit: (code: number) => never;
}

/** Globals of one function, so that many can share a process and none sees another's environment or the host's time. */
export function makeOwnGlobals(options: OwnGlobalsOptions): OwnGlobals {
  const own = ownProcess(options);
  return {
    process: own,
    Date: ownDate(options.now),
    Intl: ownIntl(options.now),
    setTimeout: passingSetTimeout(),
    console: new Console({ stdout: own.stdout, stderr: own.stderr }),
  };
}

function ownProcess({ environment, taskRoot, onOutput, exit }: OwnGlobalsOptions): NodeJS.Process {
  const events = new EventEmitter();
  const own = {
    ...Object.fromEntries(listening.map((name) => [name, events[name].bind(events)])),
    env: { ...environment },
    cwd: () => taskRoot,
    stdout: ownStream((text) => onOutput('stdout', text)),
    stderr: ownStream((text) => onOutput('stderr', text)),
    exit: (code = 0) => exit(code),
    // The AWS SDK warns of the Node.js that the host runs, which is not the one that runs the function in AWS.
    emitWarning: () => undefined,
  };
  return Object.create(process, Object.getOwnPropertyDescriptors(own));
}

const listening = ['on', 'once', 'off', 'addListener', 'removeListener', 'emit', 'listenerCount'] as const;

/** As much of a stream as a console needs. */
function ownStream(take: (text: string) => void): NodeJS.WriteStream {
  const stream = Object.assign(new EventEmitter(), {
    writable: true,
    isTTY: false,
    write(chunk: string | Uint8Array, encoding?: unknown, done?: unknown) {
      take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') callback(null);
      return true;
    },
  });
  return stream as unknown as NodeJS.WriteStream;
}

function ownDate(now: () => number): DateConstructor {
  const statics = { now };
  return new Proxy(Date, {
    apply: () => new Date(now()).toString(),
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    get: (target, key) => Reflect.get(key === 'now' ? statics : target, key) as unknown,
  });
}

function ownIntl(now: () => number): typeof Intl {
  class DateTimeFormat extends Intl.DateTimeFormat {
    override formatToParts(date?: Date | number) {
      return super.formatToParts(date ?? now());
    }
  }
  const format = Reflect.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format');
  Object.defineProperty(DateTimeFormat.prototype, 'format', {
    get() {
      const bound = Reflect.apply(format?.get ?? String, this, []) as unknown as Intl.DateTimeFormat['format'];
      return (date?: Date | number) => bound(date ?? now());
    },
  });
  return Object.create(Intl, { DateTimeFormat: { value: DateTimeFormat } });
}

/**
 * `await new Promise((resolve) => setTimeout(resolve, ms))` passes at once, as the AWS SDK waits before it tries again:
 * time stands still in an invocation. Time limits, which call a function of their own, stay as they are.
 */
function passingSetTimeout(): typeof setTimeout {
  const wait = setTimeout;
  const passing = (callback: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) =>
    isResolve(callback) ? setImmediate(callback, ...args) : wait(callback, delay, ...args);
  return Object.defineProperties(passing, Object.getOwnPropertyDescriptors(wait)) as typeof setTimeout;
}

/** What a promise gives its executor is built in, and has no name. */
function isResolve(callback: (...args: unknown[]) => void): boolean {
  return callback.name === '' && Function.prototype.toString.call(callback).includes('[native code]');
}
