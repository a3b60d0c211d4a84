import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expiryOf } from './expiry.ts';

/** Longer than a signed request stays valid in either direction. */
const keepSeconds = 3600;

/** Signed requests that were already taken: each counts once. */
export class ReplayLog {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** Takes a request by its signature, which covers its time and body. Answers false for one that was taken before. */
  async takeOnce(signature: string, now: Date): Promise<boolean> {
    const pk = `REPLAY#${createHash('sha256').update(signature).digest('hex')}`;
    const expires_at_epoch = expiryOf(now, keepSeconds);
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: marshall({ pk, sk: 'REPLAY', expires_at_epoch }),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
