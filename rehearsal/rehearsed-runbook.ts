import type { RunbookManifest } from '../infra/config/schemas.ts';
import type { Assembly } from '../sandbox/assembly/assembly.ts';
import type { MachineDefinition } from '../sandbox/states/definition.ts';
import { describeMachines } from '../sandbox/deploy/machines.ts';
import { describeParameters } from '../sandbox/deploy/stores.ts';
import { memberOf } from './recorded-findings.ts';

/** A runbook as its folder describes it and as it is deployed. */
export interface RehearsedRunbook {
  readonly id: string;
  readonly manifest: RunbookManifest;
  readonly directory: string;
  readonly machineRole: string;
  /** Whose permissions its automations have; undefined for a runbook that repairs nothing. */
  readonly automationRole: string | undefined;
  /** The definition as it is deployed. */
  readonly definition: MachineDefinition;
  /** The longest that it may take, in seconds: its definition's own time limit. */
  readonly limitSeconds: number;
}

/** Finds in the assembly what the runbook of a folder has become. Throws for one that the assembly does not have. */
export function findRunbook(
  assembly: Assembly,
  { manifest, directory }: { readonly manifest: RunbookManifest; readonly directory: string },
): RehearsedRunbook {
  const { id } = manifest;
  const machine = describeMachines(assembly).find(({ name }) => name === `handsoff-runbook-${id}`);
  if (!machine) throw new Error(`The assembly has no state machine handsoff-runbook-${id}; synthesise again.`);
  const definition = JSON.parse(machine.definition) as MachineDefinition;
  return {
    id,
    manifest,
    directory,
    machineRole: machine.roleArn,
    automationRole: automationRoleIn(assembly, id),
    definition,
    limitSeconds: definition.TimeoutSeconds ?? Number.POSITIVE_INFINITY,
  };
}

function automationRoleIn(assembly: Assembly, id: string): string | undefined {
  const catalog = describeParameters(assembly).find(({ name }) => name === `/handsoff/runbooks/${id}`);
  if (!catalog) return undefined;
  const role = memberOf(JSON.parse(catalog.value), 'automation_role_arn');
  return typeof role === 'string' ? role : undefined;
}
