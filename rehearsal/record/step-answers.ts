import { isRecord } from '../../sandbox/members.ts';

/** What a step of a document reads from what it is answered. */
export interface StepOutput {
  readonly Name: string;
  readonly Selector: string;
  readonly Type?: string;
}

/** The outputs of every step of a document, by the step's name; those within loops too. */
export function stepOutputs(document: unknown): ReadonlyMap<string, readonly StepOutput[]> {
  const found = new Map<string, readonly StepOutput[]>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (typeof value !== 'object' || value === null) return;
    const { name, outputs } = value as { readonly name?: unknown; readonly outputs?: unknown };
    if (typeof name === 'string' && Array.isArray(outputs))
      found.set(
        name,
        outputs.filter(({ Selector }) => typeof Selector === 'string'),
      );
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(document);
  return found;
}

/** The smallest answer from which a step reads what it gave out, with `known` in it. */
export function answerOfOutputs(
  outputs: readonly StepOutput[],
  given: Readonly<Record<string, readonly string[]>> = {},
  known: unknown = {},
): unknown {
  return outputs.reduce((answer, { Name, Selector, Type }) => {
    const texts = given[Name];
    return texts ? merge(answer, objectAt(Selector, valueOf(texts, Type))) : answer;
  }, known);
}

/** The smallest answer in which a selector such as `$.Reservations[0].Instances[*].State.Name` finds a value. */
export function objectAt(selector: string, value: unknown): unknown {
  const steps = [...selector.matchAll(/\.([A-Za-z][\w-]*)|\[([^\]]*)\]/g)];
  return place(
    steps.map(([, field, index = '']) => field ?? (/^\d+$/.test(index) ? Number(index) : null)),
    value,
  );
}

/** A step is a field, an index, or null for every element. */
function place([step, ...rest]: readonly (string | number | null)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'string') return { [step]: place(rest, value) };
  if (step === null) return [value].flat().map((item) => place(rest, item));
  return [...Array.from({ length: step }, () => ({})), place(rest, value)];
}

/** SSM keeps every output as a list of texts. */
function valueOf(texts: readonly string[], type = 'String'): unknown {
  const [first = ''] = texts;
  switch (type) {
    case 'StringList':
      return texts;
    case 'MapList':
      return texts.map((text) => JSON.parse(text) as unknown);
    case 'String':
      return first;
    default:
      return JSON.parse(first.replace(/^(?:True|False)$/, (word) => word.toLowerCase()));
  }
}

function merge(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other))
    return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => merge(one[index], other[index]));
  if (!isRecord(one) || !isRecord(other)) return other === undefined ? one : other;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, merge(one[name], other[name])]));
}
