import { entryOfStreamRecord, streamRecordsOf } from '../adapters/table-stream.ts';
import { isRecord, readOptional } from '../domain/fields.ts';
import { completeByEntry, completeByRemote, type CompletePorts } from './complete-waits.ts';

/** What the stream is told about records that have to come again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Where failures are said; the function's logger. */
export interface FailureLog {
  error(message: string, error: Error): void;
}

/** Takes a batch of the table's stream, or one status event of SSM. An SSM event that fails throws, and is retried by Lambda. */
export async function completeWaits(
  event: unknown,
  ports: CompletePorts,
  log: FailureLog,
): Promise<BatchAnswer | undefined> {
  const records = streamRecordsOf(event);
  if (records) return completeBatch(records, ports, log);
  await completeStatusEvent(event, ports);
  return undefined;
}

/** Stops at the first record that fails: the order of an incident's lines matters. */
async function completeBatch(records: readonly unknown[], ports: CompletePorts, log: FailureLog): Promise<BatchAnswer> {
  for (const record of records) {
    const { sequenceNumber, incidentId, entry } = entryOfStreamRecord(record);
    if (!entry || !incidentId) continue;
    try {
      await completeByEntry(incidentId, entry, ports);
    } catch (error) {
      log.error(`The waits of ${incidentId} could not be ended; the record will come again.`, error as Error);
      return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}

async function completeStatusEvent(event: unknown, ports: CompletePorts): Promise<void> {
  const detail = isRecord(event) ? event['detail'] : undefined;
  const executionId = readOptional(detail, 'ExecutionId');
  const commandId = readOptional(detail, 'command-id');
  if (executionId) await completeByRemote('AUTOMATION', executionId, undefined, ports);
  else if (commandId) await completeByRemote('COMMAND', commandId, readOptional(detail, 'instance-id'), ports);
  else
    throw new Error(
      'This is neither a batch of the table stream nor a status event of SSM; check the rule that sent it.',
    );
}
