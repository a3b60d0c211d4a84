import { fieldValueOf, type FieldValue } from './field-value.ts';
import { JsonTextError, nodeOf, readJson, type JsonNode } from './json-text.ts';

/** Which element of which array of the event a leaf stands in: array number → element number. */
export type Membership = ReadonlyMap<number, number>;

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

/**
 * The leaves of an event by dotted path. Prepare it once when many patterns look at the same event. Takes JSON text
 * (which keeps numbers exactly as written) or a parsed value; of duplicate keys the last counts. Throws `InvalidEventError`.
 */
export class EventFields {
  readonly #fields = new Map<string, EventField[]>();
  #arrays = 0;

  constructor(event: unknown) {
    this.#addObject(readEvent(event), [], new Map());
  }

  /** Every leaf at this dotted path. */
  at(path: string): readonly EventField[] {
    return this.#fields.get(path) ?? [];
  }

  #addObject(node: ObjectNode, path: readonly string[], membership: Membership): void {
    for (const [key, value] of new Map(node.entries)) this.#add(value, [...path, key], membership);
  }

  #add(node: JsonNode, path: readonly string[], membership: Membership): void {
    if (node.kind === 'object') this.#addObject(node, path, membership);
    else if (node.kind === 'array') this.#addArray(node.items, path, membership);
    else this.#addLeaf(path.join('.'), { value: fieldValueOf(node), membership });
  }

  #addArray(items: readonly JsonNode[], path: readonly string[], membership: Membership): void {
    const array = this.#arrays++;
    for (const [element, item] of items.entries()) {
      // A scalar is no element of its own array here: two fields may well be satisfied by two scalars of one array.
      const nested = item.kind === 'object' || item.kind === 'array';
      this.#add(item, path, nested ? new Map(membership).set(array, element) : membership);
    }
  }

  #addLeaf(path: string, field: EventField): void {
    const fields = this.#fields.get(path);
    if (fields) fields.push(field);
    else this.#fields.set(path, [field]);
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
