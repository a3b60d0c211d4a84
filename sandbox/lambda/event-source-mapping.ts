import { compilePattern, EventFields } from '../../event-pattern/pattern.ts';
import type { CallAws } from '../aws.ts';
import type { VirtualClock } from '../clock.ts';
import type { Lambda } from './lambda.ts';

/** One event source mapping, as the template describes it. */
export interface MappingDescription {
  readonly id: string;
  readonly functionArn: string;
  /** The ARN of an SQS queue or of a DynamoDB stream. */
  readonly eventSourceArn: string;
  /** @default - 10 for queues, 100 for streams */
  readonly batchSize?: number;
  /** Seconds of virtual time to wait for a fuller batch, 0 to 300. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** `FilterCriteria.Filters[].Pattern`, each as an object or as its JSON text; a record passes when one matches. */
  readonly filterPatterns?: readonly unknown[];
  /** `ReportBatchItemFailures` or nothing. */
  readonly functionResponseTypes?: readonly string[];
  /** Streams only. @default false */
  readonly bisectBatchOnFunctionError?: boolean;
  /** Streams only: retries of a failed batch; -1 retries until the record expires. @default -1 */
  readonly maximumRetryAttempts?: number;
  /** Streams only: seconds; -1 keeps a record until it expires after 24 hours. @default -1 */
  readonly maximumRecordAgeSeconds?: number;
  /** Streams only: the queue or topic that is told of batches given up. */
  readonly onFailureArn?: string;
  /** Streams only, and needed there. A table is empty when the sandbox starts, so both mean the same here. */
  readonly startingPosition?: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** Streams only. One batch runs at a time whatever it is, which keeps the order of each partition key. */
  readonly parallelizationFactor?: number;
  /** @default true */
  readonly enabled?: boolean;
}

/** What a mapping needs from around it. */
export interface MappingOptions {
  readonly clock: VirtualClock;
  /** Makes the calls that Lambda makes with a function's role. */
  readonly call: CallAws;
  readonly lambda: Lambda;
  readonly onFault: (fault: Error) => void;
}

/** Raised for a mapping that AWS would refuse to create, or that may not read its source. */
export class EventSourceMappingError extends Error {
  override readonly name = 'EventSourceMappingError' as const;

  constructor({ id, eventSourceArn, functionArn }: MappingDescription, problems: readonly string[]) {
    super(
      `The event source mapping ${id} from ${eventSourceArn} to ${functionArn} cannot work: ${problems.join('; ')}.`,
    );
  }
}

/** Which kind of source a mapping reads; undefined for a kind that the sandbox does not read. */
export function kindOf({ eventSourceArn }: MappingDescription): 'queue' | 'stream' | undefined {
  if (/^arn:aws[a-z-]*:sqs:/.test(eventSourceArn)) return 'queue';
  return /^arn:aws[a-z-]*:dynamodb:.*:table\/[^/]+\/stream\/./.test(eventSourceArn) ? 'stream' : undefined;
}

/**
 * What AWS would refuse about a mapping.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 */
export function findProblems(mapping: MappingDescription): readonly string[] {
  const kind = kindOf(mapping);
  if (!kind) return [`the sandbox reads SQS queues and DynamoDB streams, not ${mapping.eventSourceArn}`];
  const { maximumBatchingWindowSeconds: windowSeconds = 0, functionResponseTypes = [] } = mapping;
  return [
    ...(windowSeconds < 0 || windowSeconds > 300
      ? [`a batching window of ${windowSeconds} s is not within 0 to 300`]
      : []),
    ...functionResponseTypes
      .filter((type) => type !== 'ReportBatchItemFailures')
      .map((type) => `the response type ${type} does not exist`),
    ...(kind === 'queue' ? findQueueProblems(mapping) : findStreamProblems(mapping)),
  ];
}

function findQueueProblems(mapping: MappingDescription): readonly string[] {
  const { batchSize = 10, maximumBatchingWindowSeconds = 0, eventSourceArn } = mapping;
  const limit = eventSourceArn.endsWith('.fifo') ? 10 : 10_000;
  const streamOnly = (
    [
      'bisectBatchOnFunctionError',
      'maximumRetryAttempts',
      'maximumRecordAgeSeconds',
      'onFailureArn',
      'startingPosition',
    ] as const
  ).filter((key) => mapping[key] !== undefined && mapping[key] !== false);
  return [
    ...(batchSize < 1 || batchSize > limit ? [`a batch size of ${batchSize} is not within 1 to ${limit}`] : []),
    ...(batchSize > 10 && maximumBatchingWindowSeconds < 1
      ? ['a batch size over 10 needs a batching window of at least 1 s']
      : []),
    ...streamOnly.map((key) => `${key} is for streams, not for queues`),
  ];
}

function findStreamProblems(mapping: MappingDescription): readonly string[] {
  const { batchSize = 100, maximumRetryAttempts: retries = -1, parallelizationFactor: factor = 1 } = mapping;
  const ageSeconds = mapping.maximumRecordAgeSeconds ?? -1;
  const { startingPosition } = mapping;
  return [
    ...(batchSize < 1 || batchSize > 10_000 ? [`a batch size of ${batchSize} is not within 1 to 10000`] : []),
    ...(retries < -1 || retries > 10_000 ? [`${retries} retries are not within -1 to 10000`] : []),
    ...(ageSeconds !== -1 && (ageSeconds < 60 || ageSeconds > 604_800)
      ? [`a record age of ${ageSeconds} s is neither -1 nor within 60 to 604800`]
      : []),
    ...(factor < 1 || factor > 10 ? [`a parallelization factor of ${factor} is not within 1 to 10`] : []),
    ...(startingPosition === 'TRIM_HORIZON' || startingPosition === 'LATEST'
      ? []
      : ['a DynamoDB stream needs the starting position TRIM_HORIZON or LATEST']),
  ];
}

/** The filter of a mapping: true for records that the function is to see. */
export function compileFilter(mapping: MappingDescription): (record: Readonly<Record<string, unknown>>) => boolean {
  const patterns = (mapping.filterPatterns ?? []).map((pattern) => {
    const parsed: unknown = typeof pattern === 'string' ? JSON.parse(pattern) : pattern;
    return { compiled: compilePattern(parsed), isBodyJson: hasObjectBody(parsed) };
  });
  if (patterns.length === 0) return () => true;
  return (record) => {
    const fields = new EventFields(record);
    return patterns.some(({ compiled, isBodyJson }) => compiled.matches(isBodyJson ? withParsedBody(record) : fields));
  };
}

function hasObjectBody(pattern: unknown): boolean {
  if (typeof pattern !== 'object' || pattern === null || !('body' in pattern)) return false;
  return typeof pattern.body === 'object' && !Array.isArray(pattern.body);
}

function withParsedBody(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return { ...record, body: JSON.parse(String(record['body'])) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return record;
    throw error;
  }
}
