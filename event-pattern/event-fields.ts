import { fieldValueOf, type FieldValue } from './field-value.ts';
import { JsonTextError, nodeOf, readJson, type JsonNode } from './json-text.ts';

/** Which element of which array of the event a leaf stands in: array → element number. */
export type Membership = ReadonlyMap<JsonNode, number>;

/** One leaf of an event. */
export interface EventField {
  readonly value: FieldValue;
  readonly membership: Membership;
}

/** Raised for an event that EventBridge cannot match at all: text that is not JSON, or JSON that is no object. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError' as const;
}

type ObjectNode = Extract<JsonNode, { kind: 'object' }>;
type ArrayNode = Extract<JsonNode, { kind: 'array' }>;

/**
 * The leaves of an event by dotted path. Prepare it once when many patterns look at the same event. Takes JSON text
 * (which keeps numbers exactly as written) or a parsed value; of duplicate keys the last counts. Throws `InvalidEventError`.
 */
export class EventFields {
  readonly #event: ObjectNode;
  readonly #fields = new Map<string, readonly EventField[]>();

  constructor(event: unknown) {
    this.#event = readEvent(event);
  }

  /** Every leaf at this dotted path. */
  at(path: string): readonly EventField[] {
    const known = this.#fields.get(path);
    if (known) return known;
    const found = [...leavesAt(this.#event, path, new Map())];
    this.#fields.set(path, found);
    return found;
  }
}

/** The leaves below a node whose path goes on as `rest`; a key may itself hold dots. */
function* leavesAt(node: JsonNode, rest: string | undefined, membership: Membership): Generator<EventField> {
  if (node.kind === 'object') {
    if (rest !== undefined) yield* leavesOfObject(node, rest, membership);
  } else if (node.kind === 'array') yield* leavesOfArray(node, rest, membership);
  else if (rest === undefined) yield { value: fieldValueOf(node), membership };
}

function* leavesOfObject(node: ObjectNode, rest: string, membership: Membership): Generator<EventField> {
  const onPath = node.entries.filter(([key]) => rest === key || (rest[key.length] === '.' && rest.startsWith(key)));
  for (const [key, value] of new Map(onPath))
    yield* leavesAt(value, rest === key ? undefined : rest.slice(key.length + 1), membership);
}

function* leavesOfArray(array: ArrayNode, rest: string | undefined, membership: Membership): Generator<EventField> {
  for (const [element, item] of array.items.entries()) {
    // A scalar is no element of its own array here: two fields may well be satisfied by two scalars of one array.
    const nested = item.kind === 'object' || item.kind === 'array';
    yield* leavesAt(item, rest, nested ? new Map(membership).set(array, element) : membership);
  }
}

function readEvent(event: unknown): ObjectNode {
  const node = readNode(event);
  if (node.kind !== 'object') throw new InvalidEventError('The event is not valid: it must be a JSON object.');
  return node;
}

function readNode(event: unknown): JsonNode {
  try {
    return typeof event === 'string' ? readJson(event) : nodeOf(event);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new InvalidEventError(`The event is not valid JSON: ${error.message}.`, { cause: error });
  }
}
