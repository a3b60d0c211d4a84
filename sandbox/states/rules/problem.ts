import type { JsonObject } from '../json.ts';

/** What AWS calls the kind of a problem. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html */
export type ProblemCode =
  | 'INVALID_JSON_DESCRIPTION'
  | 'SCHEMA_VALIDATION_FAILED'
  | 'MISSING_TRANSITION_TARGET'
  | 'MISSING_END_STATE'
  | 'DUPLICATE_STATE_NAME'
  | 'INVALID_JSONATA_EXPRESSION'
  | 'UNSUPPORTED_JSONATA_EXPRESSION'
  | 'UNSUPPORTED_IN_SANDBOX';

/** One reason why a definition cannot be used. `path` points into it, such as `/States/Foo/Next`; it is empty for the whole. */
export interface Problem {
  readonly path: string;
  readonly message: string;
  readonly code: ProblemCode;
}

/** A problem of the kind that most are. */
export function schemaProblem(path: string, message: string): Problem {
  return { path, message, code: 'SCHEMA_VALIDATION_FAILED' };
}

/** A problem for each field of an object that AWS does not know there. */
export function unknownFields(path: string, object: JsonObject, known: readonly string[]): readonly Problem[] {
  return Object.keys(object)
    .filter((name) => !known.includes(name))
    .map((name) => schemaProblem(`${path}/${name}`, `Field '${name}' is not supported`));
}

/** Something that AWS has and the sandbox has not. */
export function unsupportedProblem(path: string, what: string): Problem {
  return { path, message: `The sandbox does not support ${what}.`, code: 'UNSUPPORTED_IN_SANDBOX' };
}
