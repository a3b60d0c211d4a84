import jsonata from 'jsonata';
import type { Mapping } from '../domain/mapping.ts';
import type { FieldError } from '../domain/normalised.ts';

/** What one expression may take: milliseconds, levels, and members of one list. A mapping of fields needs a hundredth of it. */
const limits = { timeout: 500, stack: 200, sequence: 20_000 };

/** What a mapping makes of a body, or which of its expressions failed. */
export type MappedBody =
  | { readonly kind: 'mapped'; readonly alerts: readonly Readonly<Record<string, unknown>>[] }
  | { readonly kind: 'failed'; readonly errors: readonly FieldError[] };

/** Takes a body apart by the JSONata expressions of its integration. Never throws: an expression that fails is named. */
export async function mapBody(mapping: Mapping, body: unknown): Promise<MappedBody> {
  const { alerts: where, ...fields } = mapping;
  const errors: FieldError[] = [];
  const found = where === undefined ? body : await evaluate('alerts', where, body, body, errors);
  const list: readonly unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found];
  const alerts = await Promise.all(list.map(async (alert) => mapAlert(fields, alert, body, errors)));
  return errors.length > 0 ? { kind: 'failed', errors } : { kind: 'mapped', alerts };
}

async function mapAlert(
  fields: Omit<Mapping, 'alerts'>,
  alert: unknown,
  body: unknown,
  errors: FieldError[],
): Promise<Record<string, unknown>> {
  const entries = Object.entries(fields).map(
    async ([name, expression]) => [name, await evaluate(name, expression, alert, body, errors)] as const,
  );
  return Object.fromEntries((await Promise.all(entries)).filter(([, value]) => value !== undefined));
}

async function evaluate(
  name: string,
  text: string,
  input: unknown,
  body: unknown,
  errors: FieldError[],
): Promise<unknown> {
  try {
    const value: unknown = await jsonata(text, limits).evaluate(input, { body });
    // JSONata's sequences are arrays with members of their own.
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? 'null');
  } catch (error) {
    errors.push({ path: `mapping.${name}`, message: `fails on this body: ${messageOf(error)}` });
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
