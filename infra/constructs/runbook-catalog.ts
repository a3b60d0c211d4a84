import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { mutationArn } from '../automation/mutation-resource.ts';
import { catalogEntryOf } from '../catalog-entry.ts';
import type { LoadedConfig, RunbookFolder } from '../config/load-config.ts';
import { deriveGrants, type GrantPlace } from '../derive-grants.ts';
import { runbookMachine } from '../names.ts';
import { runbookMayName } from '../runbook-may-name.ts';
import { AutomationBoundary } from './automation-boundary.ts';
import { AutomationRole } from './automation-role.ts';
import { HandsoffMachine } from './handsoff-machine.ts';
import { KillSwitch } from './kill-switch.ts';
import { addRunbookDocuments } from './runbook-documents.ts';

/** Parameter Store keeps 4,096 bytes in a standard parameter: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const maxCatalogBytes = 4096;

export interface RunbookCatalogProps {
  readonly config: LoadedConfig;
  readonly substitutions: Readonly<Record<string, string>>;
  readonly place: GrantPlace;
}

/** Makes, from the folders below `statemachines/runbooks/` alone, all that each runbook is in the account. */
export class RunbookCatalog extends Construct {
  /** What of each runbook other roles have to name. */
  readonly lookingDocuments: string[] = [];
  readonly automationDefinitions: string[] = [];
  readonly automationRoles: string[] = [];
  readonly #props: RunbookCatalogProps;
  readonly #boundary: AutomationBoundary;

  constructor(scope: Construct, id: string, props: RunbookCatalogProps) {
    super(scope, id);
    this.#props = props;
    this.#boundary = new AutomationBoundary(this, 'Boundary');
    for (const folder of props.config.runbooks) this.#addRunbook(folder);
  }

  #addRunbook(folder: RunbookFolder): void {
    const { manifest, directory } = folder;
    const scope = new Construct(this, manifest.id);
    this.lookingDocuments.push(...addRunbookDocuments(scope, folder));
    const file = join(directory, 'definition.asl.json');
    new HandsoffMachine(scope, 'Runbook', {
      name: runbookMachine(manifest.id),
      file,
      type: StateMachineType.STANDARD,
      substitutions: { ...this.#props.substitutions, RunbookId: manifest.id },
      grants: deriveGrants(file, { ...this.#props.place, only: runbookMayName }),
    });
    new KillSwitch(scope, 'KillSwitch', { name: manifest.id, stops: `the runbook ${manifest.id} changes nothing.` });
    if (manifest.remediation) this.#addRemediation(scope, folder);
  }

  #addRemediation(scope: Construct, folder: RunbookFolder): void {
    const { manifest } = folder;
    const role = new AutomationRole(scope, 'AutomationRole', { folder, boundary: this.#boundary });
    const entry = catalogEntryOf(manifest, this.#props.config.deployed.groups, role.roleArn);
    if (!entry) return;
    this.automationRoles.push(role.roleArn);
    for (const name of [entry.document, entry.undo])
      if (name) this.automationDefinitions.push(...this.#automationArns(manifest.id, name));
    const stringValue = JSON.stringify(entry);
    if (Buffer.byteLength(stringValue) > maxCatalogBytes) {
      throw new Error(
        `The runbook ${manifest.id} is too big for its catalog parameter (${maxCatalogBytes} bytes); shorten its parameters or approvers.`,
      );
    }
    new StringParameter(scope, 'Catalog', {
      parameterName: `/handsoff/runbooks/${manifest.id}`,
      description: `What the guard lets the runbook ${manifest.id} do. Written by the deployment.`,
      stringValue,
    });
  }

  /** An automation document as IAM names it, in both spellings. */
  #automationArns(runbookId: string, name: string): string[] {
    return [`ssm:automation-definition/${name}:*`, `ssm:document/${name}`].map((resource) =>
      mutationArn(runbookId, resource, Stack.of(this)),
    );
  }
}
