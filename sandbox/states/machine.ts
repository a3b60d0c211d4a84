import type { MachineDefinition } from './definition.ts';

/** How a state machine runs: Standard, or Express. */
export type MachineType = 'STANDARD' | 'EXPRESS';

/** A state machine as a template describes it. */
export interface MachineDescription {
  readonly arn: string;
  readonly name: string;
  readonly type: MachineType;
  /** The ARN of the role that the machine's calls are made with. */
  readonly roleArn: string;
  /** The definition as JSON text. */
  readonly definition: string;
}

/** A state machine whose definition was found valid. */
export interface Machine extends Omit<MachineDescription, 'definition'> {
  readonly definitionText: string;
  readonly definition: MachineDefinition;
}
