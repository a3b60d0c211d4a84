import { isRecord } from '../functions/domain/fields.ts';
import type { FieldError } from '../functions/domain/normalised.ts';

/** What is wrong with a request that a tool sends by itself: it becomes an event only behind its URL. */
export const noEvent: FieldError = {
  path: 'detail-type',
  message:
    'is missing, so it is no event of EventBridge; what a tool sends over HTTP goes to the URL that `handsoff start` printed',
};

/** Whether that is what is wrong. */
export function isNoEvent(event: unknown): boolean {
  return isRecord(event) && !(noEvent.path in event);
}
