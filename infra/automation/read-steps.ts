import { isRecord, recordAt, valueAt } from '../../functions/domain/fields.ts';
import { type Path, type ProblemAt, type SourceFile } from '../config/source-file.ts';

/** One step of an automation document, and where it stands. */
export interface AutomationStep {
  readonly name: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** A problem of the step. */
  readonly at: ProblemAt;
}

/** Every step of an automation document, those inside of loops too. */
export function readSteps(source: SourceFile): readonly AutomationStep[] {
  return stepsIn(valueAt(source.value, 'mainSteps'), ['mainSteps'], source);
}

function stepsIn(steps: unknown, path: Path, source: SourceFile): AutomationStep[] {
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown, index) => {
    if (!isRecord(step)) return [];
    const inputs = recordAt(step, 'inputs');
    const here = [...path, index];
    const at: ProblemAt = (message) => source.at(here, message);
    const read = { name: String(step['name']), action: String(step['action']), inputs, at };
    return [read, ...stepsIn(inputs['Steps'], [...here, 'inputs', 'Steps'], source)];
  });
}
