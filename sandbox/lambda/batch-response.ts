import { z } from 'zod';
import type { InvocationOutcome } from './execution-environment.ts';
import type { MappingDescription } from './event-source-mapping.ts';

const response = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/** Which items of a batch failed: none, all, or those that the function reported. */
export type FailedItems = 'none' | 'all' | ReadonlySet<string>;

/**
 * Reads which items of a batch failed. With ReportBatchItemFailures a response that is not in its form, or that names an
 * item that the batch does not have, fails the whole batch, as in AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function readFailedItems(
  mapping: MappingDescription,
  outcome: InvocationOutcome,
  ids: readonly string[],
): FailedItems {
  if (outcome.kind === 'failure') return 'all';
  if (!mapping.functionResponseTypes?.includes('ReportBatchItemFailures')) return 'none';
  const value: unknown = JSON.parse(outcome.payload);
  if (value === null || value === '') return 'none';
  const parsed = response.safeParse(value);
  if (!parsed.success) return 'all';
  const failed = new Set((parsed.data.batchItemFailures ?? []).map((item) => item.itemIdentifier));
  if (failed.size === 0) return 'none';
  return [...failed].every((id) => ids.includes(id)) ? failed : 'all';
}
