import { readFileSync } from 'node:fs';
import { isMap, isSeq, LineCounter, parseDocument, type Node } from 'yaml';

/** One step of an automation document, and where it stands. */
export interface AutomationStep {
  readonly name: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `file:line:column` of the step. */
  readonly at: string;
}

/** Every step of an automation document, those inside of loops too, with the line that each begins at. */
export function readSteps(file: string, shownAs: string): readonly AutomationStep[] {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  return stepsIn(document.get('mainSteps', true), (node) => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return `${shownAs}:${line}:${col}`;
  });
}

function stepsIn(steps: unknown, placeOf: (node: Node) => string): AutomationStep[] {
  if (!isSeq(steps)) return [];
  return steps.items.flatMap((step) => {
    if (!isMap(step)) return [];
    const { name, action, inputs } = step.toJSON() as Readonly<Record<string, unknown>>;
    const read: AutomationStep = {
      name: String(name),
      action: String(action),
      inputs: typeof inputs === 'object' && inputs !== null ? { ...inputs } : {},
      at: placeOf(step),
    };
    return [read, ...stepsIn(step.getIn(['inputs', 'Steps'], true), placeOf)];
  });
}
