import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { DynamoDb, type StreamRecord } from '../../../sandbox/dynamodb/dynamodb.ts';

/** A request as the SDK hands it to its transport. */
interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Name of the table that `aTable` makes. */
export const tableName = 'incidents';

const arn = `arn:aws:dynamodb:eu-central-1:123456789012:table/${tableName}`;
const description = {
  name: tableName,
  arn,
  streamArn: `${arn}/stream/2026-11-02T03:00:00.000`,
  keySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  attributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};

export interface Table {
  readonly client: DynamoDBClient;
  /** The operations that were called, in order. */
  readonly operations: string[];
  /** The records of the table's stream so far. */
  readonly records: StreamRecord[];
  readonly close: () => Promise<void>;
}

/** An empty table with `pk` and `sk`, and a real SDK client that reaches it without a socket. */
export async function aTable(): Promise<Table> {
  const clock = new VirtualClock(Date.parse('2026-11-02T03:00:00.000Z'));
  const service = new DynamoDb({ clock, account: '123456789012', region: 'eu-central-1', tables: [description] });
  await service.start();
  const operations: string[] = [];
  const records: StreamRecord[] = [];
  service.onStreamRecord(description.arn, (record) => records.push(record));
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: WireRequest) => ({ response: await answer(service, operations, request) }),
    },
  });
  return { client, operations, records, close: async () => service.close() };
}

async function answer(service: DynamoDb, operations: string[], { headers, body }: WireRequest) {
  const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
  operations.push(operation);
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const principal = { kind: 'service', arn: 'test' } as const;
  try {
    const output = await service.answer({ service: 'dynamodb', operation, input: JSON.parse(text), principal });
    return wire(200, output);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return wire(error.statusCode, {
      ...membersOf(error),
      __type: `com.amazonaws.dynamodb.v20120810#${error.name}`,
      message: error.message,
    });
  }
}

function wire(statusCode: number, body: object) {
  return {
    statusCode,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

/** What an error carries beside its code and message. */
function membersOf(error: AwsError): object {
  return 'members' in error && typeof error.members === 'object' && error.members !== null ? error.members : {};
}
