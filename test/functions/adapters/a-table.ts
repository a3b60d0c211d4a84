import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { DynamoDb } from '../../../sandbox/dynamodb/dynamodb.ts';

/** A request as the SDK hands it to its transport. */
interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Name of the table that `aTable` makes. */
export const tableName = 'incidents';

/** An empty table with `pk` and `sk`, and a real SDK client that reaches it without a socket. */
export async function aTable(): Promise<{ client: DynamoDBClient; operations: string[]; close: () => Promise<void> }> {
  const clock = new VirtualClock(Date.parse('2026-11-02T03:00:00.000Z'));
  const keys = { partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } } as const;
  const service = new DynamoDb({ clock, account: '123456789012', region: 'eu-central-1', tables: [{ name: tableName, ...keys }] });
  await service.start();
  const operations: string[] = [];
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { handle: async (request: WireRequest) => ({ response: await answer(service, operations, request) }) },
  });
  return { client, operations, close: () => service.close() };
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
    return wire(error.statusCode, { ...error, __type: `com.amazonaws.dynamodb.v20120810#${error.name}`, message: error.message });
  }
}

function wire(statusCode: number, body: object) {
  return { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: new TextEncoder().encode(JSON.stringify(body)) };
}
