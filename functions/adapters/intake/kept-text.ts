import { withoutSecrets } from '../../domain/secret-text.ts';
import { cutText } from '../../domain/telling/plain-text.ts';

/** Free text of an event as an alert keeps it: without secrets, and cut to `maxLength` UTF-16 units; empty where there is none. */
export function keptText(text: string | undefined, maxLength: number): string {
  return cutText(withoutSecrets(text ?? ''), maxLength);
}
