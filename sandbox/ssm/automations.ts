import { type AwsCall, AwsError, type Principal, type RequiredGrant, UnsupportedInSandboxError } from '../aws.ts';
import { stableUuid } from '../stable-id.ts';
import type { SystemsManagerArns } from './arns.ts';
import { type AutomationExecution, describeExecution, describeMetadata, isEnded } from './automation-execution.ts';
import { AutomationRun } from './automation-run.ts';
import { emitAutomationStatus } from './automation-event.ts';
import { findDocument, type RunnableDocument } from './documents.ts';
import type { SystemsManagerOptions } from './options.ts';
import { readParameterValues } from './parameter-values.ts';
import { fillReferences, findReferences, spellValue } from './references.ts';

type Input = AwsCall['input'];
type AutomationDocument = AutomationExecution['document'];

const START_INPUTS = ['DocumentName', 'DocumentVersion', 'Parameters', 'ClientToken', 'Mode'];
const CLIENT_TOKEN = /^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}$/;
/** https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const CONCURRENT_LIMIT = 100;
const PRINCIPAL = 'ssm.amazonaws.com';

/** SSM Automation: starts, stops and describes executions. */
export class Automations {
  readonly #options: SystemsManagerOptions;
  readonly #documents: ReadonlyMap<string, RunnableDocument>;
  readonly #arns: SystemsManagerArns;
  readonly #runs = new Map<string, AutomationRun>();
  readonly #tokens = new Map<string, { readonly input: string; readonly id: string }>();
  readonly #faults: Error[] = [];

  constructor(
    options: SystemsManagerOptions,
    documents: ReadonlyMap<string, RunnableDocument>,
    arns: SystemsManagerArns,
  ) {
    this.#options = options;
    this.#documents = documents;
    this.#arns = arns;
  }

  executions(): readonly AutomationExecution[] {
    return [...this.#runs.values()].map(({ execution }) => execution);
  }

  /** Forgets every execution that has ended. */
  forget(): void {
    for (const [id, { execution }] of this.#runs) if (isEnded(execution.status)) this.#runs.delete(id);
    for (const [token, { id }] of this.#tokens) if (!this.#runs.has(id)) this.#tokens.delete(token);
  }

  faults(): readonly Error[] {
    return this.#faults;
  }

  grantsToStart(input: Input): readonly RequiredGrant[] {
    const document = this.#find(input);
    const resource = this.#arns.definition(document, spellValue(input['DocumentVersion'] ?? '$DEFAULT'));
    const role = assumeRoleOf(document, readParameterValues(document.content.parameters, input['Parameters']).values);
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html names the document and
    // the execution as required, and the definition too; older policies have the definition alone. All three are asked for.
    const resources = [resource, this.#arns.document(document), this.#arns.execution('*')];
    const start = resources.map((each) => ({ action: 'ssm:StartAutomationExecution', resource: each }));
    return role === ''
      ? start
      : [...start, { action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': PRINCIPAL } }];
  }

  start(input: Input, principal: Principal): Record<string, unknown> {
    refuseUnsupportedStart(input);
    const document = this.#find(input);
    const token = readClientToken(input);
    const known = token === undefined ? undefined : this.#tokens.get(token);
    if (known) return repeatStart(known, input);
    const values = readValues(document, input);
    this.#refuseTooMany();
    const execution = this.#create(document, values, principal);
    if (token !== undefined) this.#tokens.set(token, { input: JSON.stringify(input), id: execution.id });
    this.#launch(execution);
    return { AutomationExecutionId: execution.id };
  }

  stop(input: Input): Record<string, unknown> {
    const run = this.#run(input);
    const type = input['Type'] ?? 'Cancel';
    if (type !== 'Cancel' && type !== 'Complete')
      throw new AwsError('ValidationException', `Type is Cancel or Complete, not ${JSON.stringify(type)}.`);
    if (isEnded(run.execution.status)) {
      throw new AwsError(
        'InvalidAutomationStatusUpdateException',
        `The automation ${run.execution.id} is already ${run.execution.status}.`,
      );
    }
    if (type === 'Cancel') run.cancel();
    else run.complete();
    return {};
  }

  get(input: Input): Record<string, unknown> {
    return { AutomationExecution: describeExecution(this.#run(input).execution) };
  }

  describe(input: Input): Record<string, unknown> {
    const [member] = Object.keys(input);
    if (member !== undefined) throw new UnsupportedInSandboxError(`${member} in ssm:DescribeAutomationExecutions`);
    return { AutomationExecutionMetadataList: this.executions().map(describeMetadata).reverse() };
  }

  signal(input: Input, principal: Principal): Record<string, unknown> {
    const run = this.#run(input);
    const { current, id } = run.execution;
    const type = input['SignalType'];
    if (type !== 'Approve' && type !== 'Reject' && type !== 'Resume')
      throw new UnsupportedInSandboxError(`the automation signal ${String(type)}`);
    const action = type === 'Resume' ? 'aws:pause' : 'aws:approve';
    const isWaiting = current?.status === 'Waiting' && current.step.action === action;
    if (!isWaiting)
      throw new AwsError(
        'InvalidAutomationSignalException',
        `No ${action} step of the automation ${id} waits for ${type}.`,
      );
    if (type !== 'Resume' && ![current.inputs['Approvers']].flat().includes(principal.arn)) {
      throw new AwsError(
        'InvalidAutomationSignalException',
        `${principal.arn} is no approver of the step ${current.step.name}.`,
      );
    }
    run.signal({ type, sender: principal.arn });
    return {};
  }

  #launch(execution: AutomationExecution): void {
    const { clock, call, account, region, scriptResult } = this.#options;
    const onStatus = (changed: AutomationExecution) => emitAutomationStatus(changed, this.#options, this.#arns);
    const onFault = (fault: Error) => this.#faults.push(fault);
    const run = new AutomationRun(execution, {
      clock,
      call,
      account,
      region,
      onStatus,
      onFault,
      ...(scriptResult && { scriptResult }),
    });
    this.#runs.set(execution.id, run);
    onStatus(execution);
    clock.schedule(0, `ssm automation ${execution.id} starts`, () => {
      run.run().catch((error: unknown) => onFault(error instanceof Error ? error : new Error(String(error))));
    });
  }

  #create(
    document: AutomationDocument,
    values: Readonly<Record<string, unknown>>,
    executedBy: Principal,
  ): AutomationExecution {
    const { variables } = document.content;
    const id = stableUuid(`automation:${document.name}:${this.#runs.size}`);
    const role = assumeRoleOf(document, values);
    if (role !== '') this.#refuseUnassumable(role, id);
    return {
      id,
      document,
      parameters: values,
      executedBy,
      principal: role === '' ? executedBy : { kind: 'role', arn: role },
      startedAtMs: this.#options.clock.now(),
      steps: document.content.mainSteps.map((step) => ({
        step,
        id: stableUuid(`${id}:${step.name}`),
        status: 'Pending',
        inputs: {},
        outputs: {},
      })),
      variables: new Map(Object.entries(variables).map(([name, { default: value }]) => [name, value])),
      status: 'Pending',
      outputs: {},
    };
  }

  #refuseUnassumable(role: string, id: string): void {
    try {
      this.#options.canAssume(role, PRINCIPAL, { sourceArn: this.#arns.execution(id) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw refuseParameters([`The defined assume role is unable to be assumed. ${error.message}`]);
    }
  }

  #refuseTooMany(): void {
    const limit = this.#options.concurrentLimit ?? CONCURRENT_LIMIT;
    const running = this.executions().filter(({ status }) => !isEnded(status)).length;
    if (running < limit) return;
    throw new AwsError(
      'AutomationExecutionLimitExceededException',
      `${running} automations are running, and ${limit} may.`,
    );
  }

  #find(input: Input): AutomationDocument {
    const { DocumentName: name, DocumentVersion: version } = input;
    if (findDocument(this.#documents, name)?.documentType !== 'Automation')
      throw new AwsError('AutomationDefinitionNotFoundException', `There is no automation document ${String(name)}.`);
    const document = findDocument(this.#documents, name, version);
    if (document?.documentType === 'Automation') return document;
    throw new AwsError(
      'AutomationDefinitionVersionNotFoundException',
      `The document ${String(name)} has no version ${String(version)}.`,
    );
  }

  #run(input: Input): AutomationRun {
    const id = spellValue(input['AutomationExecutionId'] ?? '');
    const run = this.#runs.get(id);
    if (!run) throw new AwsError('AutomationExecutionNotFoundException', `There is no automation execution ${id}.`);
    return run;
  }
}

function readValues(document: AutomationDocument, input: Input): Readonly<Record<string, unknown>> {
  const { values, problems } = readParameterValues(document.content.parameters, input['Parameters']);
  const references = findReferences(input['Parameters'], '').map(
    ({ path }) => `The parameter ${path} may not have {{ in its value.`,
  );
  const braces =
    JSON.stringify(input['Parameters'] ?? {}).includes('{{') && references.length === 0
      ? ['No parameter may have {{ in its value.']
      : [];
  const all = [...problems, ...references, ...braces];
  if (all.length > 0) throw refuseParameters(all);
  return values;
}

function refuseParameters(problems: readonly string[]): AwsError {
  return new AwsError('InvalidAutomationExecutionParametersException', problems.join(' '));
}

/** The role whose permissions the steps have; empty when they have those of whoever starts it. */
function assumeRoleOf({ content }: AutomationDocument, values: Readonly<Record<string, unknown>>): string {
  const role = fillReferences(content.assumeRole ?? '', (reference) => values[reference] ?? '');
  return typeof role === 'string' ? role : '';
}

function refuseUnsupportedStart(input: Input): void {
  const member = Object.keys(input).find((name) => !START_INPUTS.includes(name));
  if (member) throw new UnsupportedInSandboxError(`${member} in ssm:StartAutomationExecution`);
  if ((input['Mode'] ?? 'Auto') !== 'Auto')
    throw new UnsupportedInSandboxError(`the automation mode ${String(input['Mode'])}`);
}

function readClientToken(input: Input): string | undefined {
  const token = input['ClientToken'];
  if (token === undefined) return undefined;
  if (typeof token === 'string' && CLIENT_TOKEN.test(token)) return token;
  throw new AwsError('ValidationException', 'ClientToken must be a UUID of 36 characters.');
}

function repeatStart(known: { readonly input: string; readonly id: string }, input: Input): Record<string, unknown> {
  if (known.input === JSON.stringify(input)) return { AutomationExecutionId: known.id };
  throw new AwsError('IdempotentParameterMismatch', 'The same ClientToken was used with other parameters.');
}
