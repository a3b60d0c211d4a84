import type { EventAction, Severity } from '../../domain/alert.ts';
import type { Fields } from '../../domain/fields.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { readTime } from './event-time.ts';

/**
 * What the state of an issue asks for, or `OPEN` of a notification channel of before workflows.
 * https://docs.newrelic.com/docs/alerts/get-notified/custom-variables-incident-workflows/
 */
const actionsByState: ReadonlyMap<string, EventAction | 'noise'> = new Map<string, EventAction | 'noise'>([
  // A created issue waits for its grace period: https://docs.newrelic.com/docs/alerts/admin/user-settings/
  ['CREATED', 'noise'],
  ['ACTIVATED', 'trigger'],
  ['OPEN', 'trigger'],
  ['ACKNOWLEDGED', 'acknowledge'],
  ['CLOSED', 'resolve'],
  ['RESOLVED', 'resolve'],
]);

/** What a state asks for, in whatever case; undefined for one that New Relic does not have. */
export function issueAction(state: string): EventAction | 'noise' | undefined {
  return actionsByState.get(state.toUpperCase());
}

/** What is wrong with a state that New Relic does not have. */
export function unknownState(state: string): string {
  return `is ${cutText(state, 40) || 'missing'}; expected ${[...actionsByState.keys()].join(', ')}`;
}

/**
 * When an issue came to be as it is told. An issue is told again while it grows, which is no change: its priority is one,
 * beside its end and who takes it.
 */
export function issueChange({ timestamp, updatedAt, createdAt }: Fields, action: EventAction, severity: Severity) {
  const at = readTime(timestamp) ?? readTime(updatedAt);
  return {
    at,
    shownAt: (action === 'trigger' ? readTime(createdAt) : undefined) ?? at,
    change: action === 'trigger' ? `${action} ${severity}` : action,
  };
}
