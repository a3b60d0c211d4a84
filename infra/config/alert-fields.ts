import { type Alert, eventActions, severities } from '../../functions/domain/alert.ts';

/** `any`: whatever the sender wrote there. A list: one of these texts. */
type FieldTree = 'value' | 'any' | readonly string[] | { readonly [name: string]: FieldTree };

type Whole<Value, Tree> = { readonly [Key in keyof Required<Value>]: Tree };

const payload: Whole<Alert['payload'], FieldTree> = {
  summary: 'value',
  source: 'value',
  severity: severities,
  timestamp: 'value',
  component: 'value',
  group: 'value',
  class: 'value',
  custom_details: 'any',
};
const origin: Whole<Alert['origin'], FieldTree> = {
  format: 'value',
  event_id: 'value',
  account: 'value',
  region: 'value',
  sent_by: 'value',
  received_at: 'value',
  transitioned_at: 'value',
};
const resource: Whole<Alert['resource'], FieldTree> = { arn: 'value', type: 'value', id: 'value' };

/** The fields that an alert can have, so that a pattern which asks about another can be told from one that waits. */
const alertFields: Whole<Alert, FieldTree> = {
  event_action: eventActions,
  dedup_key: 'value',
  incident_key: 'value',
  payload: { ...payload },
  links: { href: 'value', text: 'value' },
  origin: { ...origin },
  resource: { ...resource },
  suppressed_by: 'value',
  suppressed_until: 'value',
};

/** What keeps a pattern over the alert from ever matching, or from not matching: where, whether that is the name of a member, and what to do. */
export interface NeverMatches {
  readonly path: readonly PropertyKey[];
  readonly isName: boolean;
  readonly message: string;
}

/** All that a pattern asks of an alert which no alert has. */
export function whyNeverMatched(pattern: unknown): readonly NeverMatches[] {
  return check(pattern, alertFields, []);
}

/** Why a dotted path leads nowhere in an alert; undefined where it may lead to something. */
export function whyNowhere(path: string): string | undefined {
  // An item of a list stands at its number here, which an event pattern does not ask for.
  const inList = path.replace(/^links\.\d+(?=\.|$)/, 'links');
  if (inList === path && path.startsWith('links.'))
    return 'links is a list in an alert; write one such as links.0.href';
  if (fieldOf(alertFields, inList.split('.')) !== undefined) return undefined;
  return `no alert has ${path}; write one such as payload.group, resource.type or payload.custom_details.x`;
}

function check(pattern: unknown, fields: FieldTree, path: readonly PropertyKey[]): readonly NeverMatches[] {
  if (fields === 'any' || typeof pattern !== 'object' || pattern === null) return [];
  const name = path.map(String).join('.');
  const isOne = fields === 'value' || isList(fields);
  if (Array.isArray(pattern)) {
    if (isList(fields)) return checkTexts(pattern, fields, path);
    if (fields === 'value') return [];
    const known = Object.keys(fields).join(', ');
    return [{ path, isName: false, message: `${name} has members in an alert; ask about one of them: ${known}.` }];
  }
  if (isOne) {
    const message = `${name} is one value in an alert; write a list such as ${path.at(-1)?.toString()}: [x].`;
    return [{ path, isName: false, message }];
  }
  return Object.entries(pattern).flatMap(([key, inner]) => {
    if (key === '$or' && Array.isArray(inner))
      return inner.flatMap((one, index) => check(one, fields, [...path, key, index]));
    const found = fieldOf(fields, key.split('.'));
    if (found !== undefined) return check(inner, found, [...path, key]);
    const outcome = asksForNothing(inner) ? 'always' : 'never';
    const message = `no alert has ${[name, key].filter(Boolean).join('.')}; this ${outcome} matches. Here an alert has: ${Object.keys(fields).join(', ')}.`;
    return [{ path: [...path, key], isName: true, message }];
  });
}

/** Whether a pattern holds where there is nothing, which would be of every alert. */
function asksForNothing(pattern: unknown): boolean {
  const isAbsence = (one: unknown) =>
    typeof one === 'object' && one !== null && 'exists' in one && one.exists === false;
  return Array.isArray(pattern) && pattern.some(isAbsence);
}

function checkTexts(
  asked: readonly unknown[],
  texts: readonly string[],
  path: readonly PropertyKey[],
): readonly NeverMatches[] {
  return asked.flatMap((one, index) => {
    if (typeof one !== 'string' || texts.includes(one)) return [];
    const message = `${path.at(-1)?.toString()} is never ${one}; it is one of ${texts.join(', ')}.`;
    return [{ path: [...path, index], isName: false, message }];
  });
}

function isList(fields: FieldTree): fields is readonly string[] {
  return Array.isArray(fields);
}

/** EventBridge reads `{"a.b": …}` and `{"a": {"b": …}}` as the same. */
function fieldOf(fields: FieldTree, [name, ...rest]: readonly string[]): FieldTree | undefined {
  if (fields === 'any' || name === undefined) return fields;
  if (fields === 'value' || isList(fields) || !Object.hasOwn(fields, name)) return undefined;
  return fieldOf(fields[name] ?? 'value', rest);
}
