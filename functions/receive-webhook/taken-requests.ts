import { createHash } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ReplayLog } from '../adapters/replay-log.ts';

/**
 * Requests whose alerts are on the bus. Asked before and marked after: a request that fails in between is not taken, so
 * that its sender's next try counts. Two copies at the same moment may both pass, and are one alert to triage.
 */
export class TakenRequests {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #log: ReplayLog;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
    this.#log = new ReplayLog(client, tableName);
  }

  /** Whether the request of this id was marked before. */
  async has(id: string): Promise<boolean> {
    // The key that the replay log writes.
    const pk = `REPLAY#${createHash('sha256').update(id).digest('hex')}`;
    const { Item: item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#tableName, Key: marshall({ pk, sk: 'REPLAY' }), ConsistentRead: true }),
    );
    return item !== undefined;
  }

  /** Marks a request for an hour at least. */
  async mark(id: string, now: Date): Promise<void> {
    await this.#log.takeOnce(id, now);
  }
}
