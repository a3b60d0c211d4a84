/** `03:00:05 UTC` of an ISO 8601 time. */
export function clockTimeOf(iso: string): string {
  return `${iso.slice(11, 19)} UTC`;
}

/** `+00:07:12`, the time that passed between two ISO 8601 times; hours go on counting beyond a day. */
export function elapsedBetween(fromIso: string, toIso: string): string {
  const seconds = Math.max(0, Math.floor((Date.parse(toIso) - Date.parse(fromIso)) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `+${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
}
