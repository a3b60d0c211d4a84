/** A JSON object whose members are still unknown: of a template, a request or an answer. */
export type Members = Readonly<Record<string, unknown>>;

/** True for a JSON object, which is neither an array nor null. */
export function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a member, or an empty one when the member is no object. */
export function readMembers(value: unknown): Members {
  return isRecord(value) ? value : {};
}

/** The objects in a list, or an empty list when the member is no list. */
export function readList(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.map(readMembers) : [];
}

/** The text in a member, or the empty text. */
export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Gives the value at a dotted path such as `RoutingConfiguration.0.StateMachineVersionArn`, or undefined. */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isRecord(current) && Object.hasOwn(current, step)) current = current[step];
    else return undefined;
  }
  return current;
}

/** Text for a JSON string, number or boolean, as CloudFormation writes scalars into text; undefined for the rest. */
export function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : undefined;
}

/** The texts in a JSON list; none for what is no list. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
