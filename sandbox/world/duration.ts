const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How a duration is written in a world: a whole number and `s`, `m`, `h` or `d`, such as `90s`. */
export const DURATION = /^(\d+)(s|m|h|d)$/;

/** Reads a duration such as `90s`, `5m`, `2h` or `1d` as milliseconds; throws a `RangeError` for anything else. */
export function parseDurationMs(text: string): number {
  const match = DURATION.exec(text);
  if (!match) throw new RangeError(`${JSON.stringify(text)} is not a duration; write one such as 90s, 5m, 2h or 1d.`);
  return Number(match[1]) * unitMs(match[2]);
}

function unitMs(unit: string | undefined): number {
  return unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? UNIT_MS[unit] : Number.NaN;
}
