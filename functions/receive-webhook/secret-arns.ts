import { isRecord } from '../adapters/intake/fields.ts';

/** ARNs by the names of secrets, from the JSON object that the stack puts into `INTEGRATION_SECRET_ARNS`. Throws for anything else. */
export function secretArnsOf(text: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value))
    throw new Error('INTEGRATION_SECRET_ARNS is no JSON object; the stack sets it for this function.');
  return Object.fromEntries(
    Object.entries(value).map(([name, arn]) => {
      if (typeof arn !== 'string') throw new Error(`INTEGRATION_SECRET_ARNS gives no ARN for the secret ${name}.`);
      return [name, arn];
    }),
  );
}
