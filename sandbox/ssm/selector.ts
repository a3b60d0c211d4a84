const STEP = /\.\.([\w:-]+)|\.([\w:-]+|\*)|\[(\d+|\*)\]|\[['"]([^'"\]]+)['"]\]/y;

interface Step {
  readonly key: string;
  readonly isDeep: boolean;
}

/** Raised for a selector that is not a JSON path of the kind Automation takes. */
export class SelectorSyntaxError extends Error {
  override readonly name = 'SelectorSyntaxError' as const;

  constructor(selector: string) {
    super(`"${selector}" is not a JSON path of members, indices, * and ..; write such as $.Reservations[0].Instances.`);
  }
}

/** Reads a JSON path from a response; undefined when nothing is there. A path with `*` or `..` gives the list of all it finds. */
export function select(selector: string, response: unknown): unknown {
  const steps = parseSelector(selector);
  const found = steps.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((value) => take(value, step)),
    [response],
  );
  return steps.some(({ key, isDeep }) => isDeep || key === '*') ? found : found[0];
}

/** Throws a `SelectorSyntaxError` for what is not a selector. */
export function parseSelector(selector: string): readonly Step[] {
  if (!selector.startsWith('$')) throw new SelectorSyntaxError(selector);
  const steps: Step[] = [];
  let at = 1;
  while (at < selector.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(selector);
    if (!match) throw new SelectorSyntaxError(selector);
    steps.push({ key: match[1] ?? match[2] ?? match[3] ?? match[4] ?? '', isDeep: match[1] !== undefined });
    at = STEP.lastIndex;
  }
  return steps;
}

function take(value: unknown, { key, isDeep }: Step): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  if (key === '*') return entries.map(([, item]: [string, unknown]) => item);
  const here = entries.filter(([name]) => name === key).map(([, item]: [string, unknown]) => item);
  if (!isDeep) return here;
  return [...here, ...entries.flatMap(([, item]: [string, unknown]) => take(item, { key, isDeep }))];
}
