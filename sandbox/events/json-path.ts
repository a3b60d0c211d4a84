import type { JsonNode } from '../../event-pattern/json-text.ts';

const PATH = /^\$(?:\.(?:[\w\-/]+|\*)|\[(?:\d+|\*)\])*$/;
const STEP = /\.([\w\-/]+|\*)|\[(\d+|\*)\]/g;

interface Step {
  readonly name: string;
  readonly kind: 'member' | 'element';
}

/** Reads a JSON path from a value; undefined when nothing is there. A path with `*` gives the list of all it finds. */
export type ReadJsonPath = (root: JsonNode) => JsonNode | undefined;

/**
 * Compiles a JSON path of the kind EventBridge takes: dots, names of letters, digits, `_`, `-` and `/`, array indices, `*`.
 * Gives undefined for any other. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function compileJsonPath(path: string): ReadJsonPath | undefined {
  if (!PATH.test(path)) return undefined;
  const steps = [...path.matchAll(STEP)].map(
    ([, member, element]): Step => ({
      name: member ?? element ?? '',
      kind: member === undefined ? 'element' : 'member',
    }),
  );
  const isList = steps.some(({ name }) => name === '*');
  return (root) => {
    const found = steps.reduce<readonly JsonNode[]>((nodes, step) => nodes.flatMap((node) => take(node, step)), [root]);
    return isList ? { kind: 'array', at: 0, items: found } : found[0];
  };
}

function take(node: JsonNode, { name, kind }: Step): readonly JsonNode[] {
  const children = childrenOf(node, kind);
  if (name === '*') return [...children.values()];
  const child = children.get(name);
  return child ? [child] : [];
}

function childrenOf(node: JsonNode, kind: Step['kind']): ReadonlyMap<string, JsonNode> {
  if (node.kind === 'array') return new Map(node.items.map((item, index) => [String(index), item]));
  return new Map(node.kind === 'object' && kind === 'member' ? node.entries : []);
}
