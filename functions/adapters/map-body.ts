import jsonata from 'jsonata';
import type { Fields } from '../domain/fields.ts';
import { failedMember, type Mapping } from '../domain/mapping.ts';
import type { FieldError } from '../domain/normalised.ts';

/** What one expression may take: milliseconds, levels, and members of one list. A mapping of fields needs a hundredth of it. */
const limits = { timeout: 500, stack: 200, sequence: 20_000 };

/** Milliseconds that all alerts of a body may take together: their sender waits. */
const maxBodyMs = 3000;

/**
 * What a mapping makes of a body: alert fields by their names and, of an alert that cannot be mapped, its errors under
 * `failedMember`; or why not even its alerts could be found.
 */
type MappedBody =
  | { readonly kind: 'mapped'; readonly alerts: readonly Fields[] }
  | { readonly kind: 'failed'; readonly errors: readonly FieldError[] };

/** Expressions are read once, however many alerts they are for. */
const compiled = new Map<string, jsonata.Expression>();

/** Takes a body apart by the JSONata expressions of its integration. Never throws: an expression that fails is named. */
export async function mapBody(mapping: Mapping, body: unknown): Promise<MappedBody> {
  const { alerts: where, ...fields } = mapping;
  const errors: FieldError[] = [];
  const found = where === undefined ? body : await evaluate('alerts', where, body, body, errors);
  if (errors.length > 0) return { kind: 'failed', errors };
  const list: readonly unknown[] = Array.isArray(found) ? found : found === undefined ? [] : [found];
  const end = Date.now() + maxBodyMs;
  const alerts: Fields[] = [];
  for (const alert of list) {
    if (Date.now() > end) return { kind: 'failed', errors: [tooLong] };
    alerts.push(await mapAlert(fields, alert, body));
  }
  return { kind: 'mapped', alerts };
}

const tooLong: FieldError = { path: 'mapping', message: `takes more than ${maxBodyMs} ms on this body` };

async function mapAlert(fields: Omit<Mapping, 'alerts'>, alert: unknown, body: unknown): Promise<Fields> {
  const errors: FieldError[] = [];
  const mapped: Record<string, unknown> = {};
  for (const [name, expression] of Object.entries(fields)) {
    const value = await evaluate(name, expression, alert, body, errors);
    if (value !== undefined) mapped[name] = value;
  }
  return errors.length > 0 ? { [failedMember]: errors } : mapped;
}

async function evaluate(
  name: string,
  text: string,
  input: unknown,
  body: unknown,
  errors: FieldError[],
): Promise<unknown> {
  try {
    // Without `$eval`: what a sender writes is never an expression.
    const value: unknown = await expressionOf(text).evaluate(input, { body, eval: undefined });
    // JSONata's sequences are arrays with members of their own.
    return value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? 'null');
  } catch (error) {
    errors.push({ path: `mapping.${name}`, message: `fails on this body: ${messageOf(error)}` });
    return undefined;
  }
}

function expressionOf(text: string): jsonata.Expression {
  const expression = compiled.get(text) ?? jsonata(text, limits);
  compiled.set(text, expression);
  return expression;
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
