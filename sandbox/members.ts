/** An object of a request or an answer. */
export type Members = Readonly<Record<string, unknown>>;

/** True for a JSON object. */
export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a member, or an empty one when the member is no object. */
export function readMembers(value: unknown): Members {
  return isRecord(value) ? value : {};
}

/** The objects in a list, or an empty list when the member is no list. */
export function readList(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(readMembers) : [];
}

/** The text in a member, or the empty text. */
export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
