import type { IncidentStore } from '../adapters/incident-store.ts';
import { entryOfStreamRecord, streamRecordsOf } from '../adapters/table-stream.ts';
import type { TimelineEntry } from '../domain/incident.ts';
import type { Channel } from './channel.ts';

export interface TellPorts {
  readonly incidents: Pick<IncidentStore, 'read'>;
  readonly channels: readonly Channel[];
}

/** Where it is said what was told; the function's logger and metrics. */
export interface TellReport {
  readonly logger: Record<'info' | 'error', (message: string, extra: Record<string, unknown>) => void>;
  readonly count: (metric: string) => void;
}

/** What the stream is told about records that have to come again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

interface Line {
  readonly sequenceNumber: string;
  readonly incidentId: string;
  readonly entry: TimelineEntry;
}

type ReadIncident = (incidentId: string) => ReturnType<TellPorts['incidents']['read']>;

/** A channel that failed this often within one batch is left alone until the next: waiting for it costs the time limit. */
const maxFailuresPerBatch = 3;

/**
 * Tells every line of a batch of the table's stream on every channel, in order per incident. The channels go their own
 * ways: one that fails holds back only its own lines. Answers the first record that has to come again.
 */
export async function tellPeople(
  event: unknown,
  ports: TellPorts,
  report: TellReport,
  now: Date,
): Promise<BatchAnswer> {
  const records = streamRecordsOf(event);
  if (!records) throw new Error('This is not a batch of the table stream; check the event source mapping.');
  const lines = records.flatMap(lineOf);
  const read = readOnce(ports.incidents);
  const failed = await Promise.all(
    ports.channels.map(async (channel) => tellInOrder(channel, lines, read, report, now)),
  );
  const first = lines[Math.min(...failed.flat())];
  return { batchItemFailures: first ? [{ itemIdentifier: first.sequenceNumber }] : [] };
}

function lineOf(record: unknown): Line[] {
  const { sequenceNumber, incidentId, entry } = entryOfStreamRecord(record);
  return incidentId && entry ? [{ sequenceNumber, incidentId, entry }] : [];
}

/** One consistent read of each incident for the whole batch: it is as new as the newest of these lines. */
function readOnce(incidents: TellPorts['incidents']): ReadIncident {
  const reads = new Map<string, ReturnType<ReadIncident>>();
  return async (incidentId) => {
    const read = reads.get(incidentId) ?? incidents.read(incidentId);
    reads.set(incidentId, read);
    return read;
  };
}

/** Answers the positions of the lines that have to come again for this channel. */
async function tellInOrder(
  channel: Channel,
  lines: readonly Line[],
  read: ReadIncident,
  report: TellReport,
  now: Date,
): Promise<number[]> {
  const failed: number[] = [];
  const stopped = new Set<string>();
  let failures = 0;
  for (const [position, line] of lines.entries()) {
    const isTried = failures < maxFailuresPerBatch && !stopped.has(line.incidentId);
    if (isTried && (await tellLine(channel, line, read, report, now))) continue;
    if (isTried) failures += 1;
    stopped.add(line.incidentId);
    if (isHeld(channel, line, now)) failed.push(position);
    else report.count(`tell-${channel.name}-late`);
  }
  return failed;
}

/** Whether a line that was not told has to come again, or is let go so that others behind it are told. */
function isHeld({ patienceSeconds }: Channel, { entry }: Line, now: Date): boolean {
  return now.getTime() - Date.parse(entry.at) < patienceSeconds * 1000;
}

/** Answers false when the line could not be told this time. */
async function tellLine(
  channel: Channel,
  { incidentId, entry }: Line,
  read: ReadIncident,
  report: TellReport,
  now: Date,
): Promise<boolean> {
  const about = { channel: channel.name, incident_id: incidentId, entry_id: entry.id };
  try {
    const found = await read(incidentId);
    if (!found) {
      report.logger.info('There is no such incident any more.', about);
      return true;
    }
    const { outcome, reason } = await channel.tell({ ...found, entry }, now);
    report.count(`tell-${channel.name}-${outcome}`);
    if (reason === undefined) report.logger.info(outcome, about);
    else report.logger.error(outcome, { ...about, reason });
    return true;
  } catch (error) {
    report.count(`tell-${channel.name}-failed`);
    report.logger.error('The channel could not be told.', { ...about, error });
    return false;
  }
}
