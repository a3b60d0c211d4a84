const RealDate = Date;
const RealFormat = Intl.DateTimeFormat;
const FIELDS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'];
const LOCAL_ISO = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/;
const HAS_ZONE = /(Z|GMT|UTC|[+-]\d\d:?\d\d)\s*(\(.*\))?$/i;
const ISO_DATE = /^[+-]?\d{4,6}(-\d\d){0,2}$/;

let nowMs = RealDate.now();

/** Sets the time that the code of this worker sees, in epoch milliseconds; it stands still until set again. */
export function setNow(ms) {
  nowMs = ms;
  const origin = ms - performance.now();
  Object.defineProperty(performance, 'timeOrigin', { value: origin, configurable: true });
}

/** Makes `Date` and `Intl.DateTimeFormat` of this worker show the virtual time, in UTC as Lambda does, whatever the host's zone. */
export function installVirtualDate() {
  for (const field of FIELDS) useUtc(field);
  Object.assign(RealDate.prototype, {
    getTimezoneOffset: () => 0,
    toString() {
      return Number.isNaN(this.getTime()) ? 'Invalid Date' : `${this.toDateString()} ${this.toTimeString()}`;
    },
    toDateString() {
      return this.toUTCString().replace(/^(\w+), (\d+) (\w+) (-?\d+) .*$/, '$1 $3 $2 $4');
    },
    toTimeString() {
      return `${this.toUTCString().split(' ')[4]} GMT+0000 (Coordinated Universal Time)`;
    },
    toLocaleString: inUtc('toLocaleString'),
    toLocaleDateString: inUtc('toLocaleDateString'),
    toLocaleTimeString: inUtc('toLocaleTimeString'),
  });
  RealDate.now = () => nowMs;
  globalThis.Date = virtualDate();
  RealDate.prototype.constructor = globalThis.Date;
  Intl.DateTimeFormat = virtualFormat();
}

function useUtc(field) {
  const prototype = RealDate.prototype;
  prototype[`get${field}`] = prototype[`getUTC${field}`];
  if (`setUTC${field}` in prototype) prototype[`set${field}`] = prototype[`setUTC${field}`];
}

function inUtc(name) {
  const format = Reflect.get(RealDate.prototype, name);
  return function toLocale(locales, options) {
    return format.call(this, locales, { timeZone: 'UTC', ...options });
  };
}

function virtualDate() {
  const realParse = RealDate.parse;
  RealDate.parse = (text) => realParse(zoned(text));
  return new Proxy(RealDate, {
    apply: () => new RealDate(nowMs).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, [timeOf(args)], newTarget),
  });
}

function timeOf(args) {
  if (args.length === 0) return nowMs;
  if (args.length > 1) return RealDate.UTC(...args);
  const [value] = args;
  return typeof value === 'string' ? RealDate.parse(value) : value;
}

/** JavaScript reads a date and time without a zone as local time; in Lambda local time is UTC. */
function zoned(text) {
  if (LOCAL_ISO.test(text)) return `${text}Z`;
  return HAS_ZONE.test(text) || ISO_DATE.test(text) ? text : `${text} UTC`;
}

function virtualFormat() {
  const withZone = ([locales, options]) => [locales, { timeZone: 'UTC', ...options }];
  const format = Object.getOwnPropertyDescriptor(RealFormat.prototype, 'format');
  const toParts = Reflect.get(RealFormat.prototype, 'formatToParts');
  Object.defineProperty(RealFormat.prototype, 'format', {
    configurable: true,
    get() {
      const bound = format.get.call(this);
      return (date = nowMs) => bound(date);
    },
  });
  RealFormat.prototype.formatToParts = function formatToParts(date = nowMs) {
    return toParts.call(this, date);
  };
  return new Proxy(RealFormat, {
    apply: (target, _this, args) => new target(...withZone(args)),
    construct: (target, args, newTarget) => Reflect.construct(target, withZone(args), newTarget),
  });
}
