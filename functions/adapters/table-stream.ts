import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type EntryKind, entryKinds, type TimelineEntry } from '../domain/incident.ts';
import { selfTest } from '../domain/self-test.ts';
import { isRecord, readOptional } from '../domain/fields.ts';

/** A line of a timeline as the table's stream brings it; without `entry` where the record is something else. */
export interface StreamedEntry {
  readonly sequenceNumber: string;
  readonly incidentId?: string;
  readonly entry?: TimelineEntry;
}

/** The records of a DynamoDB stream event, or undefined when the event is something else. */
export function streamRecordsOf(event: unknown): readonly unknown[] | undefined {
  return isRecord(event) && Array.isArray(event['Records']) ? event['Records'] : undefined;
}

/** Reads one record. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html */
export function entryOfStreamRecord(record: unknown): StreamedEntry {
  const sequenceNumber = readOptional(record, 'dynamodb.SequenceNumber') ?? '';
  const image = isRecord(record) && isRecord(record['dynamodb']) ? record['dynamodb']['NewImage'] : undefined;
  if (!isRecord(image)) return { sequenceNumber };
  const { pk: _pk, sk, incident_id, ...entry } = unmarshall(image as Record<string, AttributeValue>);
  if (typeof sk !== 'string' || !sk.startsWith('ENTRY#') || typeof incident_id !== 'string') return { sequenceNumber };
  if (!entryKinds.includes(entry['kind'] as EntryKind)) return { sequenceNumber };
  return { sequenceNumber, incidentId: incident_id, entry: entry as TimelineEntry };
}

/** Whether a batch of the stream brings the line that the self-test leaves in the noise ledger. */
export function bringsSelfTest(event: unknown): boolean {
  return (
    streamRecordsOf(event)?.some((record) => readOptional(record, 'dynamodb.NewImage.reason.S') === selfTest.reason) ??
    false
  );
}
