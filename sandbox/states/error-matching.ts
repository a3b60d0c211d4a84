import type { StateError } from './state-error.ts';

/**
 * True when one entry of `ErrorEquals` matches an error. Nothing matches `States.Runtime`; `States.ALL` leaves out
 * `States.DataLimitExceeded`, and `States.TaskFailed` leaves out timeouts.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function matchesError(names: readonly string[], { details }: StateError): boolean {
  if (details.error === 'States.Runtime') return false;
  return names.some((name) => matchesName(name, details.error, details.aliases ?? []));
}

function matchesName(name: string, error: string | undefined, aliases: readonly string[]): boolean {
  if (name === 'States.ALL') return error !== 'States.DataLimitExceeded';
  if (name === 'States.TaskFailed') return error !== 'States.Timeout';
  return name === error || aliases.includes(name);
}
