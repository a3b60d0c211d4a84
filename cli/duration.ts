import { DURATION, parseDurationMs } from '../sandbox/world/duration.ts';

/** Milliseconds as a person reads them: `0.7 s`, `3 m 35 s`, `2 h 05 m`. */
export function showDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${String(Math.round(seconds) % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
}

/** Reads `90s`, `15m`, `2h` or `1d` as milliseconds; undefined for anything else, and for a number of more than six digits. */
export function readDuration(text: string): number | undefined {
  return text.length <= 7 && DURATION.test(text) ? parseDurationMs(text) : undefined;
}
