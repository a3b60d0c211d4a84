import { isRecord } from '../members.ts';
import { StepFailedError } from './actions/action.ts';
import type { AutomationStep } from './document-schema.ts';
import { select } from './selector.ts';

type OutputType = AutomationStep['outputs'][number]['Type'];

const FITS: Readonly<Record<OutputType, (value: unknown) => boolean>> = {
  String: () => true,
  StringList: (value) => Array.isArray(value),
  Integer: (value) => Number.isInteger(value),
  Boolean: (value) => typeof value === 'boolean',
  StringMap: isRecord,
  MapList: (value) => Array.isArray(value) && value.every(isRecord),
};

/** Whether a value is of a document's type, without any conversion. */
export function fitsType(type: OutputType, value: unknown): boolean {
  return type === 'String' ? typeof value === 'string' : FITS[type](value);
}

/** Reads a step's own outputs from a response. Throws a `StepFailedError` for one that is absent or of another type. */
export function readStepOutputs({ outputs }: AutomationStep, response: unknown): Record<string, unknown> {
  return Object.fromEntries(
    outputs.map(({ Name, Selector, Type }) => [Name, readOutput(Name, Type, select(Selector, response), Selector)]),
  );
}

function readOutput(name: string, type: OutputType, value: unknown, selector: string): unknown {
  if (value === undefined || value === null)
    throw new StepFailedError(`The output ${name} finds nothing at ${selector}`);
  if (!FITS[type](value)) throw new StepFailedError(`The output ${name} is no ${type}: ${JSON.stringify(value)}`);
  return type === 'String' && typeof value !== 'string' ? JSON.stringify(value) : value;
}
