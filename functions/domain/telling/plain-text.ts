/** Text that hides or reorders what stands beside it: format characters (zero-width, direction), lone surrogates, blank letters. */
const invisible = /[\p{Cf}\p{Cs}\p{Co}\u115F\u1160\u3164\uFFA0]/gu;
const lineBreak = /\r\n?|[\u0085\u2028\u2029]/gu;
const control = /(?!\n)\p{Cc}/gu;

/** Outside text as people may see it: no control, zero-width or direction characters; line breaks stay. */
export function plainText(text: string): string {
  return text.replace(lineBreak, '\n').replace(invisible, '').replace(control, ' ');
}

/** Outside text on one line. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/gu, ' ').trim();
}

/** Cuts to `maxLength` UTF-16 units, never inside a code point, and shows with `…` that something is missing. */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${wholeCodePoints(text.slice(0, maxLength - 1))}…`;
}

/** Cuts to `maxBytes` of UTF-8, never inside a code point, and puts `marker` where something is missing. */
export function cutBytes(text: string, maxBytes: number, marker: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  const room = maxBytes - new TextEncoder().encode(marker).length;
  const kept = new TextDecoder().decode(bytes.slice(0, room), { stream: true });
  return `${kept}${marker}`;
}

function wholeCodePoints(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
