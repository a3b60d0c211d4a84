import { type AwsCall, AwsError, type AwsService, type RequiredGrant } from '../aws.ts';
import { grantsForCall } from '../world/grants.ts';
import { SystemsManagerArns } from './arns.ts';
import type { AutomationExecution } from './automation-execution.ts';
import { Automations } from './automations.ts';
import type { CommandInvocation } from './command.ts';
import { Commands } from './commands.ts';
import { DocumentStore } from './document-store.ts';
import { documentName } from './documents.ts';
import type { SystemsManagerOptions } from './options.ts';
import { ParameterStore } from './parameter-store.ts';

export type {
  DocumentDescription,
  ParameterDescription,
  SystemsManagerEvent,
  SystemsManagerOptions,
} from './options.ts';

type Input = AwsCall['input'];

interface Operation {
  readonly grants: (input: Input) => readonly RequiredGrant[];
  readonly answer: (input: Input, call: AwsCall) => Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Systems Manager: Parameter Store, Automation and Run Command, in virtual time. */
export class SystemsManager implements AwsService {
  readonly name = 'ssm';
  readonly #options: SystemsManagerOptions;
  readonly #arns: SystemsManagerArns;
  readonly #parameters: ParameterStore;
  readonly #automations: Automations;
  readonly #commands: Commands;
  readonly #documents: DocumentStore;
  readonly #operations: ReadonlyMap<string, Operation>;

  /** Throws an `AwsError` with all that AWS would refuse in the documents, or an `UnsupportedInSandboxError`. */
  constructor(options: SystemsManagerOptions) {
    this.#options = options;
    this.#arns = new SystemsManagerArns(options);
    this.#documents = new DocumentStore(options.documents);
    const documents = this.#documents.runnable;
    this.#parameters = new ParameterStore(options.parameters, options.clock, (name) => this.#arns.parameter(name));
    this.#automations = new Automations(options, documents, this.#arns);
    this.#commands = new Commands(options, documents, this.#arns);
    this.#operations = new Map(
      Object.entries({
        ...this.#parameterOperations(),
        ...this.#automationOperations(),
        ...this.#commandOperations(),
        ...this.#documentOperations(),
      }),
    );
  }

  grantsFor(operation: string, input: Input): readonly RequiredGrant[] {
    const { account, region } = this.#options;
    return (
      this.#operations.get(operation)?.grants(input) ?? grantsForCall(this.name, operation, input, { account, region })
    );
  }

  handles(operation: string): boolean {
    return this.#operations.has(operation);
  }

  async answer(call: AwsCall): Promise<Record<string, unknown>> {
    const operation = this.#operations.get(call.operation);
    if (!operation) throw new AwsError('UnknownOperationException', `ssm:${call.operation} is not answered here.`);
    return operation.answer(call.input, call);
  }

  /** Gives a parameter a new value, as somebody would at the console; it need not have existed. */
  setParameter(name: string, value: string): void {
    this.#parameters.set(name, value);
  }

  /** Every automation so far, in order. */
  automationExecutions(): readonly AutomationExecution[] {
    return this.#automations.executions();
  }

  /** Every command on every node so far, in order, with the script and environment that the node got. */
  commands(): readonly CommandInvocation[] {
    return this.#commands.invocations();
  }

  /** Forgets every automation and command that has ended. */
  forget(): void {
    this.#automations.forget();
    this.#commands.forget();
  }

  /** What went wrong in the sandbox itself while an automation ran, such as a call that the world does not describe. */
  faults(): readonly Error[] {
    return this.#automations.faults();
  }

  #parameterOperations(): Record<string, Operation> {
    const store = this.#parameters;
    const grantsOn = (action: string, member: string) => (input: Input) =>
      textsOf(input, member).map((name) => ({
        action: `ssm:${action}`,
        resource: name.startsWith('arn:') ? name : this.#arns.parameter(name.replace(/(.):[^:/]+$/, '$1')),
      }));
    return {
      GetParameter: { grants: grantsOn('GetParameter', 'Name'), answer: (input) => store.getParameter(input) },
      GetParameters: { grants: grantsOn('GetParameters', 'Names'), answer: (input) => store.getParameters(input) },
      GetParametersByPath: {
        grants: grantsOn('GetParametersByPath', 'Path'),
        answer: (input) => store.getParametersByPath(input),
      },
      PutParameter: { grants: grantsOn('PutParameter', 'Name'), answer: (input) => store.putParameter(input) },
    };
  }

  #automationOperations(): Record<string, Operation> {
    const automations = this.#automations;
    const onExecution = (action: string) => (input: Input) =>
      textsOf(input, 'AutomationExecutionId').map((id) => ({
        action: `ssm:${action}`,
        resource: this.#arns.execution(id),
      }));
    return {
      StartAutomationExecution: {
        grants: (input) => automations.grantsToStart(input),
        answer: (input, { principal }) => automations.start(input, principal),
      },
      StopAutomationExecution: {
        grants: onExecution('StopAutomationExecution'),
        answer: (input) => automations.stop(input),
      },
      GetAutomationExecution: {
        grants: onExecution('GetAutomationExecution'),
        answer: (input) => automations.get(input),
      },
      SendAutomationSignal: {
        grants: onExecution('SendAutomationSignal'),
        answer: (input, { principal }) => automations.signal(input, principal),
      },
      DescribeAutomationExecutions: {
        grants: onAny('DescribeAutomationExecutions'),
        answer: (input) => automations.describe(input),
      },
    };
  }

  #documentOperations(): Record<string, Operation> {
    const on = (action: string) => (input: Input) =>
      textsOf(input, 'Name').map((name) => ({
        action: `ssm:${action}`,
        resource: this.#arns.document({ name: documentName(name), isOwnedByAws: false }),
      }));
    return {
      GetDocument: { grants: on('GetDocument'), answer: (input) => this.#documents.get(input) },
      UpdateDocument: { grants: on('UpdateDocument'), answer: (input) => this.#documents.update(input) },
    };
  }

  #commandOperations(): Record<string, Operation> {
    const commands = this.#commands;
    return {
      SendCommand: { grants: (input) => commands.grantsToSend(input), answer: (input) => commands.send(input) },
      GetCommandInvocation: { grants: onAny('GetCommandInvocation'), answer: (input) => commands.getInvocation(input) },
      ListCommands: { grants: onAny('ListCommands'), answer: (input) => commands.list(input) },
      ListCommandInvocations: {
        grants: onAny('ListCommandInvocations'),
        answer: (input) => commands.listInvocations(input),
      },
      CancelCommand: { grants: onAny('CancelCommand'), answer: (input) => commands.cancel(input) },
    };
  }
}

function onAny(action: string): Operation['grants'] {
  return () => [{ action: `ssm:${action}`, resource: '*' }];
}

function textsOf(input: Input, member: string): readonly string[] {
  const texts = [input[member] ?? []]
    .flat()
    .filter((item) => typeof item === 'string' && item !== '')
    .map(String);
  if (texts.length === 0) throw new AwsError('ValidationException', `${member} must be given.`);
  return texts;
}
