import {
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { SSMClient } from '@aws-sdk/client-ssm';
import {
  type DeployedArtifact,
  type DeployedCertificate,
  hashOfCatalog,
  hashOfDeployed,
  type Place,
  placeOf,
  whyNotAsDeployed,
} from '../domain/certificate.ts';
import type { CatalogEntry } from '../domain/runbook-catalog.ts';
import { readDocument } from './own-documents.ts';

/** The executions in which a repair is at work: all but that of `remediate` have the incident's id for a name. */
export interface RunningRepair {
  readonly incident_id: string;
  /** ARN of the execution of `remediate`. */
  readonly execution: string;
}

/** What runs in the account, read afresh each time: somebody may have edited it in the console a minute ago. */
export class DeployedArtifacts {
  readonly #machines: SFNClient;
  readonly #systems: SSMClient;
  readonly #machineArnPrefix: string;
  readonly #place: Place;

  /** `machineArnPrefix` is `arn:…:stateMachine:handsoff-`, of this account and Region. */
  constructor(machines: SFNClient, systems: SSMClient, machineArnPrefix: string) {
    this.#machines = machines;
    this.#systems = systems;
    this.#machineArnPrefix = machineArnPrefix;
    this.#place = placeOf(machineArnPrefix);
  }

  /**
   * Why what runs is not what was rehearsed, as a sentence for people; null where it is, undefined where something could
   * not be read. An execution goes on with the definition that it began with, so it is the executions that are asked.
   */
  async whyUncertified(
    certificate: DeployedCertificate | undefined,
    catalog: CatalogEntry | undefined,
    running: RunningRepair,
  ): Promise<string | null | undefined> {
    try {
      const artifacts = certificate?.artifacts ?? [];
      const hashes = await Promise.all(artifacts.map((artifact) => this.#hashOf(artifact, catalog, running)));
      const found = Object.fromEntries(artifacts.map(({ file }, index) => [file, hashes[index] ?? '']));
      return whyNotAsDeployed(certificate, found) ?? null;
    } catch {
      return undefined;
    }
  }

  async #hashOf(
    { kind, name }: DeployedArtifact,
    catalog: CatalogEntry | undefined,
    running: RunningRepair,
  ): Promise<string> {
    if (kind === 'catalog') return catalog ? hashOfCatalog(catalog) : '';
    const text =
      kind === 'machine' ? await this.#definition(name, running) : (await readDocument(this.#systems, name)).content;
    return hashOfDeployed(text, this.#place);
  }

  /** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html */
  async #definition(name: string, { incident_id, execution }: RunningRepair): Promise<string> {
    const stateMachineArn = this.#machineArnPrefix + name.replace(/^handsoff-/, '');
    const ofIncident = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${incident_id}`;
    const executionArn = name === 'handsoff-remediate' ? execution : ofIncident;
    // An EXPRESS execution has ended by now, and cannot be asked.
    const { definition = '' } = await (name === 'handsoff-intake'
      ? this.#machines.send(new DescribeStateMachineCommand({ stateMachineArn }))
      : this.#machines.send(new DescribeStateMachineForExecutionCommand({ executionArn })));
    return definition;
  }
}
