import { isRecord } from '../../functions/domain/fields.ts';
import { withoutSecrets } from '../../functions/domain/secret-text.ts';
import { playedAccount, playedRegion } from '../played-place.ts';

/** Where an account is named: in an ARN, a registry, a queue's URL, and after a word that says so. */
const named = [
  /(?<=arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:)\d{12}(?=:)/g,
  /\b\d{12}(?=\.dkr\.ecr\.)/g,
  /(?<=https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com\/)\d{12}(?=\/)/g,
  /(?<="?\b\w{0,40}(?:[Aa]ccount|[Oo]wner)(?:_?[Ii]ds?)?"?: ?"?)\d{12}\b/g,
];

/** From its beginning on: tried at each place in it, a long text without one would take minutes. */
const emailAddress = /(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}/gi;

type Change = (text: string, name: string) => string;

/**
 * Makes a value look as if it had happened where rehearsals are played. Whose the accounts were is nobody's business; what is
 * in another account stays in another one, so each of `others`, and each that the value names, gets a number of its own.
 */
export function scrubber(account: string, region: string, others: readonly string[]): (value: unknown) => unknown {
  const numbers = new Map([[account, playedAccount]]);
  const give = (found: string) => {
    if (!numbers.has(found)) numbers.set(found, String(numbers.size).padStart(12, '0'));
  };
  for (const other of others) give(other);
  const notice: Change = (text, name) => {
    for (const [found] of named.flatMap((pattern) => [...`${name}: ${text}`.matchAll(pattern)])) give(found);
    return text;
  };
  const put: Change = (text) => {
    const inPlace = region === '' ? text : text.replaceAll(region, playedRegion);
    return inPlace.replace(/(?<!\d)\d{12}(?!\d)/g, (digits) => numbers.get(digits) ?? digits);
  };
  return (value) => {
    changeTexts(value, notice);
    return changeTexts(value, put);
  };
}

/** A value without what looks like a secret, by its form or its name, and without addresses of e-mail. */
export function withoutPrivateTexts(value: unknown): unknown {
  return changeTexts(value, (text, name) => {
    const prefix = `${name}: `;
    const hidden = withoutSecrets(prefix + text);
    // A name may look like a secret itself.
    const clean = hidden.startsWith(prefix) ? hidden.slice(prefix.length) : withoutSecrets(text);
    return clean.replace(emailAddress, 'somebody@example.com');
  });
}

/** Changes every text of a value, the names of members too; `name` is that of the member in which it stands. */
function changeTexts(value: unknown, change: Change, name = ''): unknown {
  if (typeof value === 'string') return change(value, name);
  if (typeof value === 'number') return changeNumber(value, change, name);
  if (Array.isArray(value)) return value.map((item) => changeTexts(item, change, name));
  if (!isRecord(value)) return value;
  const members = new Map<string, unknown>();
  for (const [member, item] of Object.entries(value)) {
    const changed = change(member, '');
    members.set(freeName(changed, members), changeTexts(item, change, changed));
  }
  return Object.fromEntries(members);
}

/** Names that differed differ still: two people's addresses, or two Regions, are two members. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  let count = 2;
  while (taken.has(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}

/** An account may stand as a number, which stays one. */
function changeNumber(value: number, change: Change, name: string): number {
  const text = String(value);
  return /^\d{12}$/.test(text) ? Number(change(text, name)) : value;
}
