import { isRecord } from '../../sandbox/members.ts';

/** What Step Functions wrote as a text of JSON: inputs, outputs and arguments are objects. Throws for anything else. */
export function readObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error(`An object was expected in the history, and not ${text.slice(0, 200)}.`);
  return { ...value };
}
