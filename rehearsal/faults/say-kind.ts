import type { BreakKind } from '../rehearsal-schema.ts';

const words: Readonly<Record<BreakKind, string>> = {
  throttled: 'is throttled',
  'access-denied': 'is denied',
  'server-error': 'fails with a server error',
  timeout: 'gets no answer',
  partial: 'succeeds in nothing',
};

/** A way in which a call breaks, as the end of a sentence about it. */
export function sayKind(kind: BreakKind): string {
  return words[kind];
}
