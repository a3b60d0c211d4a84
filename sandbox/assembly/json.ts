/** A JSON object whose members are still unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object, which is neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Gives the value at a dotted path such as `RoutingConfiguration.0.StateMachineVersionArn`, or undefined. */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isObject(current) && Object.hasOwn(current, step)) current = current[step];
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
