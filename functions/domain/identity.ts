import { createHash } from 'node:crypto';

/** A `dedup_key` from the parts that stay the same for one cause; the version says how it was made. */
export function dedupKeyOf(parts: readonly string[]): string {
  return `v1:${sha256(parts.join('\n'))}`;
}

/**
 * The id of the incident that an alert opens: the same alert always names the same incident. `again` tells it from an older
 * one of the same transition.
 */
export function incidentIdOf(incidentKey: string, transitionedAt: string, again?: string): string {
  const parts = [incidentKey, transitionedAt, ...(again === undefined ? [] : [again])];
  return `inc-${sha256(parts.join('\n')).slice(0, 20)}`;
}

/**
 * A UUID derived from `parts`, for `ClientToken` of StartAutomationExecution: a repeated start is the same start.
 * Its form is fixed at 36 characters: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html
 */
export function clientTokenOf(parts: readonly string[]): string {
  const hex = sha256(parts.join('\n'));
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
