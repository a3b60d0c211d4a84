import {
  type Agreement,
  agreementOf,
  type ResourceChange,
  type TrackRecord,
} from '../../functions/domain/track-record.ts';
import type { FoundChanges, ResourceChanges } from '../../functions/adapters/resource-changes.ts';
import { askSandbox } from '../control-client.ts';

/** One incident, what the runbook did or would have done in it, and what people did. */
export interface Evidence extends TrackRecord {
  /** Undefined where CloudTrail could not be asked, or would not know. */
  readonly people_did: readonly ResourceChange[] | undefined;
  /** Only where it observed. */
  readonly agreement: Agreement | undefined;
}

/** What of a runbook its evidence is about. */
interface Manifest {
  readonly id: string;
  readonly mutations: readonly { readonly action: string }[];
}

/** Raised when a runbook may not be raised; its message says what to do. */
export class PromoteError extends Error {
  override readonly name = 'PromoteError' as const;
}

/** What the running sandbox has seen. It knows no people beside those who clicked. */
export async function evidenceOfSandbox({ id }: Manifest, port: number): Promise<Evidence[]> {
  const records = (await askSandbox('GET', `records/${id}`, undefined, port)) as TrackRecord[];
  return records.map((record) => ({ ...record, people_did: undefined, agreement: undefined }));
}

/** What happened in the account of whoever's AWS credentials these are. */
export async function evidenceOfAccount(manifest: Manifest, table: string | undefined): Promise<Evidence[]> {
  const [{ CloudTrailClient }, { DynamoDBClient }, { DynamoDbTable }, { TrackRecords }, { ResourceChanges }] =
    await Promise.all([
      import('@aws-sdk/client-cloudtrail'),
      import('@aws-sdk/client-dynamodb'),
      import('../../functions/adapters/dynamodb-table.ts'),
      import('../../functions/adapters/track-records.ts'),
      import('../../functions/adapters/resource-changes.ts'),
    ]);
  const dynamoDb = new DynamoDBClient({});
  const name = table ?? (await findTable(dynamoDb));
  const records = new TrackRecords(new DynamoDbTable(dynamoDb, name));
  return collectEvidence(manifest, records, new ResourceChanges(new CloudTrailClient({}))).catch(explainTable(name));
}

/** Joins the runbook's records with what CloudTrail says people did meanwhile, one look-up after the other. */
export async function collectEvidence(
  { id, mutations }: Manifest,
  records: { of(runbook: string): Promise<readonly TrackRecord[]> },
  changes: Pick<ResourceChanges, 'between'>,
): Promise<Evidence[]> {
  const actions = mutations.map(({ action }) => action);
  const evidence: Evidence[] = [];
  for (const record of await records.of(id)) {
    const { resource, recorded_elsewhere, opened_at, ended_at, ending } = record;
    const known = recorded_elsewhere
      ? undefined
      : await knownChanges(changes.between(resource, new Date(opened_at), new Date(ended_at)));
    const agreement = ending === 'proposed' && known ? agreementOf(known, actions) : undefined;
    evidence.push({ ...record, people_did: known, agreement });
  }
  return evidence;
}

/** Undefined where there are too many events for CloudTrail to say what people did: that compares with nothing. */
async function knownChanges(found: Promise<FoundChanges>): Promise<readonly ResourceChange[] | undefined> {
  try {
    return (await found).made;
  } catch (error) {
    if (error instanceof Error && error.name === 'TooManyEventsError') return undefined;
    throw error;
  }
}

function explainTable(table: string) {
  return (error: unknown): never => {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    throw new Error(`--table ${table} is no table of this account and Region; name one that is, or none.`, {
      cause: error,
    });
  };
}

async function findTable(client: import('@aws-sdk/client-dynamodb').DynamoDBClient): Promise<string> {
  const { paginateListTables } = await import('@aws-sdk/client-dynamodb');
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  const own = names.filter((name) => name.startsWith('handsoff-stateful-IncidentTable'));
  if (own.length === 1 && own[0]) return own[0];
  throw new PromoteError(
    own.length === 0
      ? 'this account and Region have no incident table of Handsoff; deploy it, or name the table with --table.'
      : `there are ${own.length} incident tables: ${own.join(', ')}. Name one with --table.`,
  );
}
