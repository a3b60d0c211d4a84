import type { Incident } from '../incident.ts';
import { cutText, oneLine } from './plain-text.ts';

/** What a lock screen or the first part of an SMS shows. */
const maxHeadlineLength = 100;

/** The first line of every message: `[P2] TRIGGERED: EC2 status check failed · i-0abc`, at most 100 characters. */
export function headlineOf({ priority, title }: Pick<Incident, 'priority' | 'title'>, word: string): string {
  return cutText(`[${priority}] ${word}: ${oneLine(title)}`, maxHeadlineLength);
}
