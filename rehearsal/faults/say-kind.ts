import type { FaultKind } from '../aws-faults.ts';

const words: Readonly<Record<FaultKind, string>> = {
  throttled: 'is throttled',
  'access-denied': 'is denied',
  'server-error': 'fails with a server error',
  timeout: 'gets no answer',
};

/** A way in which a call breaks, as the end of a sentence about it. */
export function sayKind(kind: FaultKind): string {
  return words[kind];
}
