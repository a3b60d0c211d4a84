import { UnsupportedInSandboxError } from '../aws.ts';
import type { MachineDefinition } from './definition.ts';
import { isObject, type Json, parseJson } from './json.ts';
import { MAX_DEFINITION_BYTES } from './limits.ts';
import type { MachineType } from './machine.ts';
import { checkAssignments } from './rules/check-assignments.ts';
import { checkChoices } from './rules/check-choices.ts';
import { checkDistributed } from './rules/check-distributed.ts';
import { checkExpressions } from './rules/check-expressions.ts';
import { checkFields } from './rules/check-fields.ts';
import { checkHandlers } from './rules/check-handlers.ts';
import { checkResources } from './rules/check-resources.ts';
import { checkTemplates } from './rules/check-templates.ts';
import { checkTransitions } from './rules/check-transitions.ts';
import { type Problem, schemaProblem } from './rules/problem.ts';
import { type Duplicate, findDuplicates } from './rules/find-duplicates.ts';
import { readScope } from './rules/site.ts';

export type { Problem, ProblemCode } from './rules/problem.ts';

/** Raised for a definition that AWS refuses. The message is worded as AWS words it; `problems` has every reason. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError' as const;
  readonly problems: readonly Problem[];

  constructor(machineName: string, problems: readonly Problem[]) {
    const reasons = problems.map(({ code, message, path }) => `${code}: ${message} at ${path || '/'}`).join(', ');
    super(`Invalid State Machine Definition of ${machineName}: '${reasons}'`);
    this.problems = problems;
  }
}

/** Gives every reason why AWS would refuse a definition, and everything in it that the sandbox lacks. */
export function validateDefinition(text: string, type: MachineType): readonly Problem[] {
  if (Buffer.byteLength(text, 'utf8') > MAX_DEFINITION_BYTES) {
    return [schemaProblem('/', `The definition exceeds ${MAX_DEFINITION_BYTES} bytes`)];
  }
  const definition = tryParse(text);
  if ('problem' in definition) return [definition.problem];
  if (!isObject(definition.value)) return [schemaProblem('/', 'Definition must be a valid JSON object')];
  const scope = readScope(definition.value);
  return [
    ...findDuplicates(text).map(describeDuplicate),
    ...checkFields(scope),
    ...checkTransitions(scope),
    ...checkHandlers(scope),
    ...checkChoices(scope),
    ...checkResources(scope, type),
    ...checkDistributed(scope, type),
    ...checkAssignments(scope),
    ...checkTemplates(scope),
    ...checkExpressions(scope),
  ];
}

/**
 * Reads a definition. Throws an `InvalidDefinitionError` for one that AWS refuses, and an `UnsupportedInSandboxError` for
 * one that only the sandbox does.
 */
export function parseDefinition(text: string, type: MachineType, machineName: string): MachineDefinition {
  const problems = validateDefinition(text, type);
  const refused = problems.filter((problem) => problem.code !== 'UNSUPPORTED_IN_SANDBOX');
  if (refused.length > 0) throw new InvalidDefinitionError(machineName, problems);
  if (problems.length > 0) {
    const lacking = problems.map(({ path, message }) => `${path}: ${message}`).join(' ');
    throw new UnsupportedInSandboxError(`the state machine ${machineName} (${lacking})`);
  }
  return parseJson(text) as unknown as MachineDefinition;
}

function describeDuplicate({ path, name }: Duplicate): Problem {
  return { path, message: `Duplicate field '${name}'`, code: 'INVALID_JSON_DESCRIPTION' };
}

function tryParse(text: string): { readonly value: Json } | { readonly problem: Problem } {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problem: { path: '/', message, code: 'INVALID_JSON_DESCRIPTION' } };
  }
}
