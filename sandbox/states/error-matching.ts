import type { StateError } from './state-error.ts';

/**
 * True when one entry of `ErrorEquals` matches an error. Nothing matches `States.Runtime`; `States.ALL` leaves out
 * `States.DataLimitExceeded`, and `States.TaskFailed` leaves out timeouts.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matchesError(names: readonly string[], { details }: StateError): boolean {
  if (details.error === 'States.Runtime') return false;
  return names.some((name) => matchesName(name, details.error, details.alias));
}

function matchesName(name: string, error: string | undefined, alias: string | undefined): boolean {
  if (name === 'States.ALL') return error !== 'States.DataLimitExceeded';
  if (name === 'States.TaskFailed') return error !== 'States.Timeout';
  return error !== undefined && (name === error || name === alias);
}
