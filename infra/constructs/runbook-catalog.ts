import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal, Effect } from 'aws-cdk-lib/aws-iam';
import { CfnDocument, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { catalogEntryOf, documentName } from '../catalog-entry.ts';
import type { LoadedConfig, RunbookFolder } from '../config/load-config.ts';
import { deriveGrants, type GrantPlace } from '../derive-grants.ts';
import { runbookMachine } from '../names.ts';
import { explainWildcards } from '../wildcards.ts';
import { HandsoffMachine } from './handsoff-machine.ts';
import { KillSwitch } from './kill-switch.ts';
import { trustOfThisAccount } from './trust.ts';

/** Parameter Store keeps 4,096 bytes in a standard parameter: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const maxCatalogBytes = 4096;

/** No automation of ours may do these, whatever a manifest says: they cannot be taken back, or would widen its own reach. */
const irreversible = [
  'iam:*',
  'organizations:*',
  'account:*',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'ec2:TerminateInstances',
  'ec2:DeleteVolume',
  'ec2:DeleteSnapshot',
  'rds:DeleteDBInstance',
  'rds:DeleteDBCluster',
  'dynamodb:DeleteTable',
  's3:DeleteBucket',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  'cloudtrail:StopLogging',
  'cloudtrail:DeleteTrail',
];

/** Stopping an instance is allowed where its owner has said so: the second lock behind the conditions of the manifests. */
const onOptedInOnly = ['ec2:StopInstances', 'ec2:StartInstances', 'ec2:RebootInstances'];

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
  readonly machines: HandsoffMachine[] = [];
  readonly #props: RunbookCatalogProps;
  readonly #boundary: ManagedPolicy;

  constructor(scope: Construct, id: string, props: RunbookCatalogProps) {
    super(scope, id);
    this.#props = props;
    this.#boundary = new ManagedPolicy(this, 'Boundary', {
      description: 'What no automation of Handsoff may ever do.',
      statements: [
        new PolicyStatement({ actions: ['*'], resources: ['*'] }),
        new PolicyStatement({ effect: Effect.DENY, actions: irreversible, resources: ['*'] }),
        new PolicyStatement({
          effect: Effect.DENY,
          actions: onOptedInOnly,
          resources: ['*'],
          conditions: { StringNotEquals: { 'aws:ResourceTag/handsoff': 'act' } },
        }),
        // A grant on a key is for EC2 to attach the volume with, never for a principal to read it.
        new PolicyStatement({
          effect: Effect.DENY,
          actions: ['kms:CreateGrant'],
          resources: ['*'],
          conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
        }),
      ],
    });
    for (const id of ['Action::*', 'Resource::*']) {
      const reason = 'A boundary grants nothing: it is the outer limit, and its point is what it denies.';
      Validations.of(this.#boundary).acknowledge({ id: `AwsSolutions-IAM5[${id}]`, reason });
    }
    for (const folder of props.config.runbooks) this.#addRunbook(folder);
  }

  #addRunbook(folder: RunbookFolder): void {
    const { manifest, directory } = folder;
    const scope = new Construct(this, manifest.id);
    this.#addDocuments(scope, folder);
    const file = join(directory, 'definition.asl.json');
    const machine = new HandsoffMachine(scope, 'Runbook', {
      name: runbookMachine(manifest.id),
      file,
      type: StateMachineType.STANDARD,
      substitutions: { ...this.#props.substitutions, RunbookId: manifest.id },
      grants: deriveGrants(file, this.#props.place),
    });
    this.machines.push(machine);
    new KillSwitch(scope, 'KillSwitch', { name: manifest.id, stops: `the runbook ${manifest.id} changes nothing.` });
    if (manifest.remediation) this.#addRemediation(scope, folder);
  }

  #addDocuments(scope: Construct, { directory, manifest }: RunbookFolder): void {
    for (const file of readdirSync(directory).sort()) {
      const [, name, kind] = /^(.+)\.(automation|command)\.yaml$/.exec(file) ?? [];
      if (!name || !kind) continue;
      new CfnDocument(scope, `${name}-${kind}`, {
        name: documentName(manifest.id, name, kind),
        documentType: kind === 'automation' ? 'Automation' : 'Command',
        documentFormat: 'JSON',
        updateMethod: 'NewVersion',
        content: parse(readFileSync(join(directory, file), 'utf8')),
      });
      if (kind === 'command' && manifest.commands.includes(name))
        this.lookingDocuments.push(this.#documentArn(manifest.id, name));
    }
  }

  #addRemediation(scope: Construct, { manifest }: RunbookFolder): void {
    const role = this.#addAutomationRole(scope, manifest);
    const entry = catalogEntryOf(manifest, this.#props.config.deployed.groups, role.roleArn);
    if (!entry) return;
    this.automationRoles.push(role.roleArn);
    for (const name of [entry.document, entry.undo])
      if (name) this.automationDefinitions.push(...this.#automationArns(name));
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

  #addAutomationRole(scope: Construct, { id, mutations, reads }: RunbookFolder['manifest']): Role {
    const role = new Role(scope, 'AutomationRole', {
      description: `What the automation of the runbook ${id} may do: its declared mutations, and reads.`,
      assumedBy: new ServicePrincipal('ssm.amazonaws.com'),
      permissionsBoundary: this.#boundary,
    });
    trustOfThisAccount(role, 'ssm', 'automation-execution/*');
    const statements = mutations.map(
      ({ action, resource, condition }) =>
        new PolicyStatement({
          actions: [action],
          resources: [this.#mutationArn(id, resource)],
          ...(condition && { conditions: condition }),
        }),
    );
    if (reads.length > 0) statements.push(new PolicyStatement({ actions: [...reads], resources: ['*'] }));
    for (const statement of statements) role.addToPolicy(statement);
    explainWildcards(role, statements);
    return role;
  }

  /** `ec2:instance/*` is any instance of this account and Region; `ssm:document/<file>` is a command of the same folder. */
  #mutationArn(runbookId: string, resource: string): string {
    const [service = '', ...rest] = resource.split(':');
    const [, command] = /^document\/(.+)-command$/.exec(rest.join(':')) ?? [];
    if (service === 'ssm' && command) return this.#documentArn(runbookId, command);
    return ownArn(this, service, rest.join(':'));
  }

  #documentArn(runbookId: string, command: string): string {
    return ownArn(this, 'ssm', `document/${documentName(runbookId, command, 'command')}`);
  }

  /** An automation document as IAM names it, in both spellings. Documents of AWS belong to no account. */
  #automationArns(name: string): string[] {
    const { partition, region, account } = Stack.of(this);
    const owner = name.startsWith('AWS-') ? '' : account;
    return [`automation-definition/${name}:*`, `document/${name}`].map(
      (resource) => `arn:${partition}:ssm:${region}:${owner}:${resource}`,
    );
  }
}

/** An ARN of this account and Region. */
export function ownArn(scope: Construct, service: string, resource: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
