import type { Assembly } from '../assembly/assembly.ts';
import type { MachineDescription } from '../states/machine.ts';
import { arnOf, textAt } from './fields.ts';

/** The state machines of an assembly, definitions with their substitutions made. */
export function describeMachines(assembly: Assembly): MachineDescription[] {
  return assembly.ofType('AWS::StepFunctions::StateMachine').map((machine) => ({
    arn: arnOf(machine),
    name: textAt(machine, 'StateMachineName') ?? machine.physicalId,
    type: textAt(machine, 'StateMachineType') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD',
    roleArn: textAt(machine, 'RoleArn') ?? '',
    definition: assembly.definitionOf(machine),
  }));
}
