import { playedAccount, playedRegion } from '../played-place.ts';

/** Where an account is named: in an ARN, a registry, a queue's URL, and after a word that says so. */
const named = [
  /(?<=arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:)\d{12}(?=:)/g,
  /\b\d{12}(?=\.dkr\.ecr\.)/g,
  /(?<=https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com\/)\d{12}(?=\/)/g,
  /(?<="?\b\w{0,40}(?:[Aa]ccount|[Oo]wner)(?:_?[Ii]ds?)?"?: ?"?)\d{12}\b/g,
];

/**
 * Makes texts look as if it had happened where rehearsals are played. Whose the accounts were is nobody's business; what is
 * in another account stays in another one, so each of `others`, and each that a text names, gets a number of its own.
 */
export function scrubber(account: string, region: string, others: readonly string[]): (text: string) => string {
  const numbers = new Map([[account, playedAccount]]);
  const give = (found: string) => {
    if (!numbers.has(found)) numbers.set(found, String(numbers.size).padStart(12, '0'));
  };
  for (const other of others) give(other);
  return (text) => {
    for (const [found] of named.flatMap((pattern) => [...text.matchAll(pattern)])) give(found);
    const inPlace = region === '' ? text : text.replaceAll(region, playedRegion);
    return inPlace.replace(/(?<!\d)\d{12}(?!\d)/g, (digits) => numbers.get(digits) ?? digits);
  };
}
