import type { Alert } from '../alert.ts';

/**
 * Whether an alert only informs. However many of these come, nothing breaks: they are a storm of their own, which takes in
 * no trouble and stops no repair.
 */
export function isNotice({ payload }: Pick<Alert, 'payload'>): boolean {
  return payload.severity === 'info';
}
