import { type Authorize, AwsError, type RequiredGrant } from '../aws.ts';
import {
  EventSourceMappingError,
  findProblems,
  kindOf,
  type MappingDescription,
  type MappingOptions,
} from './event-source-mapping.ts';
import type { FunctionDescription } from './function-description.ts';
import { QueueMapping, type QueueSource } from './queue-mapping.ts';
import { StreamMapping, type StreamSource } from './stream-mapping.ts';

/** What event source mappings stand in. */
export interface EventSourceMappingsOptions extends Omit<MappingOptions, 'onFault'> {
  readonly authorize: Authorize;
  readonly sqs: QueueSource;
  readonly dynamodb: StreamSource;
  readonly mappings: readonly MappingDescription[];
}

/** Connects queues and streams to the functions that read them. */
export class EventSourceMappings {
  readonly #options: EventSourceMappingsOptions;
  readonly #faults: Error[] = [];

  constructor(options: EventSourceMappingsOptions) {
    this.#options = options;
  }

  /**
   * Starts every enabled mapping. Throws one `EventSourceMappingError` for the first that AWS would refuse, or whose
   * role lacks a grant (naming role, action and resource); the others start all the same.
   */
  async start(): Promise<void> {
    for (const mapping of this.#options.mappings.filter(({ enabled }) => enabled !== false))
      await this.#tryStart(mapping);
    if (this.#faults[0]) throw this.#faults[0];
  }

  /** What went wrong while reading sources, and why mappings could not start. */
  faults(): readonly Error[] {
    return this.#faults;
  }

  async #tryStart(mapping: MappingDescription): Promise<void> {
    try {
      await this.#start(mapping);
    } catch (error) {
      this.#faults.push(
        error instanceof EventSourceMappingError ? error : new EventSourceMappingError(mapping, [String(error)]),
      );
    }
  }

  async #start(mapping: MappingDescription): Promise<void> {
    const described = this.#options.lambda.find(mapping.functionArn);
    const problems = described ? findProblems(mapping) : ['the function does not exist'];
    if (!described || problems.length > 0) throw new EventSourceMappingError(mapping, problems);
    const missing = this.#findMissingGrants(mapping, described);
    if (missing.length > 0) throw new EventSourceMappingError(mapping, missing);
    await this.#connect(mapping, described);
  }

  async #connect(mapping: MappingDescription, described: FunctionDescription): Promise<void> {
    const { clock, call, lambda, sqs, dynamodb } = this.#options;
    const options = { clock, call, lambda, onFault: (fault: Error) => this.#faults.push(fault) };
    if (kindOf(mapping) === 'queue') await new QueueMapping(mapping, described, options).start(sqs);
    else new StreamMapping(mapping, described, options).start(dynamodb);
  }

  #findMissingGrants(mapping: MappingDescription, described: FunctionDescription): readonly string[] {
    const missing: string[] = [];
    for (const grant of grantsOf(mapping)) {
      try {
        this.#options.authorize({ kind: 'role', arn: described.roleArn }, [grant]);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        missing.push(`the role ${described.roleArn} may not ${grant.action} on ${grant.resource}`);
      }
    }
    return missing;
  }
}

/**
 * What the role of the function needs to read the source. ListStreams takes no resource.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
function grantsOf(mapping: MappingDescription): readonly RequiredGrant[] {
  const resource = mapping.eventSourceArn;
  if (kindOf(mapping) === 'queue') {
    return ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => ({
      action: `sqs:${name}`,
      resource,
    }));
  }
  const reads = ['GetRecords', 'GetShardIterator', 'DescribeStream'];
  return [
    ...reads.map((name) => ({ action: `dynamodb:${name}`, resource })),
    { action: 'dynamodb:ListStreams', resource: '*' },
  ];
}
