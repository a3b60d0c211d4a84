import { AwsError } from '../aws.ts';
import { type Members, readList, readText } from '../members.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_ENTRIES = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** The entries of a batch. Throws what is wrong with the batch as a whole; `suffix` ends the codes, for SNS `Exception`. */
export function readEntries(value: unknown, suffix = ''): readonly Members[] {
  const entries = readList(value);
  const ids = entries.map((entry) => readText(entry['Id']));
  if (entries.length === 0)
    throw new AwsError(`EmptyBatchRequest${suffix}`, 'There should be at least one entry in the request.');
  if (entries.length > MAX_ENTRIES)
    throw new AwsError(
      `TooManyEntriesInBatchRequest${suffix}`,
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  if (!ids.every((id) => ENTRY_ID.test(id)))
    throw new AwsError(
      `InvalidBatchEntryId${suffix}`,
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  if (new Set(ids).size < ids.length)
    throw new AwsError(
      `BatchEntryIdsNotDistinct${suffix}`,
      'Two or more batch entries in the request have the same Id.',
    );
  return entries;
}

/** Runs every entry for itself; those that AWS would refuse are in `Failed`. */
export function runEntries(entries: readonly Members[], run: (entry: Members) => Members): Record<string, unknown> {
  const Successful: Members[] = [];
  const Failed: Members[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry['Id'], ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry['Id'], SenderFault: true, Code: error.name, Message: error.message });
    }
  }
  return { Successful, Failed };
}
