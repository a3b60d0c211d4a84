import type { Alert } from './alert.ts';
import { valueAt } from './fields.ts';

/** Where in an incident's own alert a parameter's value stands, and what it has to look like. */
export interface AlertParameter {
  /** Dotted path of a string in the alert, such as `resource.id`. */
  readonly from: string;
  /** Anchored regular expression that the whole value must match. */
  readonly pattern: string;
}

export type AlertParameters = Readonly<Record<string, AlertParameter>>;

/** What an alert says of the declared parameters; a value that is missing or not allowed is undefined. */
export function parametersFromAlert(
  alert: Alert,
  declared: AlertParameters,
): Readonly<Record<string, string | undefined>> {
  const values = Object.entries(declared).map(([name, { from, pattern }]) => {
    const value = valueAt(alert, from);
    return [name, isAllowed(value, pattern) ? value : undefined] as const;
  });
  return Object.fromEntries(values);
}

/** In UTF-16 units: no id or path that a runbook acts on is longer, and a pattern that backtracks has little to go back over. */
const maxValueLength = 512;

/** The whole value must match, and `{{` never passes: SSM would read it as a reference. */
function isAllowed(value: unknown, pattern: string): value is string {
  if (typeof value !== 'string' || value.length > maxValueLength) return false;
  if (value.includes('{{') || value.includes('}}') || /[\r\n\0]/.test(value)) return false;
  if (value.split('/').includes('..')) return false;
  return new RegExp(`^(?:${pattern})$`, 'u').test(value);
}
