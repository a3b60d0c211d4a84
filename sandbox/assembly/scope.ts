import type { Environment } from './environment.ts';

/** What intrinsic functions can ask about the stack that they stand in. Every method throws when there is no answer. */
export interface Scope {
  readonly environment: Environment;
  /** What `Ref` gives for a parameter, a pseudo parameter or a resource. */
  ref(name: string, place: string): unknown;
  /** What `Fn::GetAtt` gives. */
  getAttribute(logicalId: string, attribute: string, place: string): unknown;
  /** True when the named condition of the template holds. */
  condition(name: string, place: string): boolean;
  /** The value of `Mappings`, or undefined. */
  mapping(map: string, topLevelKey: string, secondLevelKey: string): unknown;
  /** The value that another stack exports under this name. */
  importValue(exportName: string, place: string): unknown;
  /** The output of another stack, exported or not. */
  stackOutput(stackName: string, outputName: string, place: string): unknown;
}

/** What `AWS::NoValue` gives: the property or list element that holds it disappears. */
export const NO_VALUE = Symbol('AWS::NoValue');
