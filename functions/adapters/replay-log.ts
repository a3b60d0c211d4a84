import { createHash, randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expiryOf } from './expiry.ts';

/** Longer than a signed request stays valid in either direction. */
const keepSeconds = 3600;

/** Requests that were already taken, each by what is its own: its signature, or the id that its sender gave it. */
export class ReplayLog {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /**
   * Takes a request by its signature, which covers its time and body. Answers false for one that was taken before; not where
   * only the answer to the taking got lost, and the SDK has tried once more.
   */
  async takeOnce(signature: string, now: Date): Promise<boolean> {
    const expires_at_epoch = expiryOf(now, keepSeconds);
    const taken_by = randomUUID();
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: marshall({ ...keyOf(signature), taken_by, expires_at_epoch }),
          ConditionExpression: 'attribute_not_exists(pk) OR taken_by = :me',
          ExpressionAttributeValues: marshall({ ':me': taken_by }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** Whether a request was taken before, a moment ago as well. */
  async has(signature: string): Promise<boolean> {
    const { Item: item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#tableName, Key: marshall(keyOf(signature)), ConsistentRead: true }),
    );
    return item !== undefined;
  }
}

function keyOf(signature: string) {
  return { pk: `REPLAY#${createHash('sha256').update(signature).digest('hex')}`, sk: 'REPLAY' };
}
