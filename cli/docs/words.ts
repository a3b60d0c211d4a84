import type { RunbookManifest } from '../../infra/config/schemas.ts';
import { isRecord } from '../../sandbox/members.ts';

type Mutation = RunbookManifest['mutations'][number];

/** Seconds as the configuration spells them: `90s`, `10m`, `2h`. */
export function durationText(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
  ];
  const [size, unit] = units.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, 's'];
  return `${seconds / size}${unit}`;
}

/** What a mode lets a runbook do. */
export const modeWords: Readonly<Record<RunbookManifest['mode'], string>> = {
  observe: 'looks and proposes, changes nothing',
  approve: 'changes after a named person agreed',
  act: 'changes at once, inside its guards',
};

/** `ec2:StopInstances` as `Stop instances`. */
export function actionWords(action: string): string {
  const [, name = action] = action.split(':');
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(' ');
  return words.map((word, index) => (index === 0 || /^[A-Z]{2}/.test(word) ? word : word.toLowerCase())).join(' ');
}

/** What IAM asks before it lets a mutation through, as a sentence; nothing where it asks nothing. */
export function conditionWords({ condition = {} }: Pick<Mutation, 'condition'>): string {
  const all = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${keyWords(key)} ${operatorWords(operator)} ${valueWords(value)}`),
  );
  return all.length > 0 ? `only where ${all.join(', and ')}` : '';
}

function keyWords(key: string): string {
  const tag = /^(?:aws|\w+):ResourceTag\/(.+)$/i.exec(key)?.[1];
  return tag ? `its tag ${code(tag)}` : code(key);
}

function operatorWords(operator: string): string {
  const name = operator.replace(/^ForA\w+:/, '').replace(/IfExists$/, '');
  const positive = name.replace('Not', '');
  const verb = positive.endsWith('Like') ? 'is like' : /^(Null)$/.test(positive) ? 'is absent:' : 'is';
  const negated = name === positive ? verb : verb.replace('is', 'is not');
  return operator.endsWith('IfExists') ? `(if there) ${negated}` : negated;
}

function valueWords(value: string | readonly string[]): string {
  return [value].flat().map(code).join(' or ');
}

/** The conditions of an event pattern, one a line. */
export function patternWords(pattern: Readonly<Record<string, unknown>>, path = ''): string[] {
  return Object.entries(pattern).flatMap(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (key === '$or' && Array.isArray(inner))
      return [inner.map((one) => `(${isRecord(one) ? patternWords(one, path).join(' and ') : ''})`).join(' or ')];
    if (isRecord(inner)) return patternWords(inner, at);
    return [
      `${code(at)} ${(Array.isArray(inner) ? inner : [inner]).map(matcherWords).join(' or ')}`.replace(
        / or is /g,
        ' or ',
      ),
    ];
  });
}

function matcherWords(matcher: unknown): string {
  if (!isRecord(matcher)) return `is ${code(String(matcher))}`;
  const [[name, value] = ['', '']] = Object.entries(matcher);
  const text = typeof value === 'string' ? code(value) : code(JSON.stringify(value));
  if (name === 'exists') return value === true ? 'is there' : 'is not there';
  const verbs: Readonly<Record<string, string>> = {
    prefix: 'begins with',
    suffix: 'ends with',
    wildcard: 'is like',
    'anything-but': 'is anything but',
    'equals-ignore-case': 'is, whatever its case,',
    numeric: 'is a number',
    cidr: 'is an address in',
  };
  return `${verbs[name] ?? name} ${text}`;
}

export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Text inside one cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
