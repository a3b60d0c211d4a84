import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoDbTable } from './dynamodb-table.ts';
import type { SlackPlace } from './slack.ts';
import { expiryOf } from './expiry.ts';

/** Where people are told. */
export type ChannelName = 'sns' | 'slack';

/** One line of one incident on one channel. */
export interface Delivery {
  readonly incidentId: string;
  readonly channel: ChannelName;
  readonly entryId: string;
}

/** `claimed`: send it now. `sent`: it was told before. `held`: somebody is sending it, or died while doing so less than 60 s ago. */
export type DeliveryClaim = 'claimed' | 'sent' | 'held';

/** The chat message of an incident, and the version of the incident that it shows. */
export interface SlackRoot extends SlackPlace {
  readonly version: number;
}

/** What chat shows of an incident. */
export interface ToldInChat {
  /** The ids of the lines that were told. */
  readonly sent: ReadonlySet<string>;
  /** Undefined until it was posted. */
  readonly root: SlackRoot | undefined;
}

const leaseMs = 60_000;
const keepSeconds = 90 * 24 * 3600;

/** What was told on which channel: a claim before, a mark after, so that a repeated record tells nobody twice. */
export class DeliveryLog {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #table: DynamoDbTable;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
    this.#table = new DynamoDbTable(client, tableName);
  }

  /** Takes a delivery for 60 seconds. One whose sender died is free again after that, and may then be told twice. */
  async claim(delivery: Delivery, now: Date): Promise<DeliveryClaim> {
    const item = {
      ...keyOf(delivery),
      lease_until: now.getTime() + leaseMs,
      expires_at_epoch: expiryOf(now, keepSeconds),
    };
    // AND binds before OR.
    const isFree = 'attribute_not_exists(pk) OR attribute_not_exists(sent_at) AND lease_until <= :now';
    try {
      await this.#put(item, isFree, { ':now': now.getTime() });
      return 'claimed';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item?.['sent_at'] === undefined ? 'held' : 'sent';
    }
  }

  /** Gives a claim back at once after a failure that is known, so that the next try need not wait for the lease. */
  async release(delivery: Delivery): Promise<void> {
    await this.#update(
      delivery,
      'SET lease_until = :free',
      { ':free': 0 },
      'attribute_exists(pk) AND attribute_not_exists(sent_at)',
    );
  }

  /** Marks a delivery as told, for good. `receipt` is the channel's own id of the message. */
  async markSent(delivery: Delivery, receipt: string, now: Date): Promise<void> {
    const values = { ':at': now.toISOString(), ':receipt': receipt };
    await this.#update(
      delivery,
      'SET sent_at = :at, receipt = :receipt REMOVE lease_until',
      values,
      'attribute_exists(pk)',
    );
  }

  /** What was told of an incident in chat. */
  async toldInChat(incidentId: string): Promise<ToldInChat> {
    const prefix = 'SENT#slack#';
    const items = await this.#table.query(`INCIDENT#${incidentId}`, prefix);
    const root = items.find((item) => item['sk'] === rootKeyOf(incidentId).sk);
    const sent = items.filter((item) => item !== root && item['sent_at'] !== undefined);
    return {
      sent: new Set(sent.map((item) => String(item['sk']).slice(prefix.length))),
      root: root && rootOf(root),
    };
  }

  /** Remembers the chat message and what it shows. One that shows a newer version is left alone. */
  async saveSlackRoot(incidentId: string, root: SlackRoot, now: Date): Promise<void> {
    const item = { ...rootKeyOf(incidentId), ...root, expires_at_epoch: expiryOf(now, keepSeconds) };
    const isNewer = 'attribute_not_exists(pk) OR #version <= :version';
    await unlessRefused(this.#put(item, isNewer, { ':version': root.version }, { '#version': 'version' }));
  }

  /** Throws a ConditionalCheckFailedException with the item as it is when the condition does not hold. */
  async #put(
    item: object,
    condition: string,
    values: Record<string, unknown>,
    names?: Record<string, string>,
  ): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.#tableName,
      Item: marshall(item),
      ConditionExpression: condition,
      ExpressionAttributeValues: marshall(values),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...(names && { ExpressionAttributeNames: names }),
    });
    await this.#client.send(command);
  }

  async #update(
    delivery: Delivery,
    expression: string,
    values: Record<string, unknown>,
    condition: string,
  ): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#tableName,
      Key: marshall(keyOf(delivery)),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeValues: marshall(values),
    });
    await unlessRefused(this.#client.send(command));
  }
}

/** A condition that does not hold means that there is nothing to write. */
async function unlessRefused(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

function rootOf({ channel, ts, version }: Record<string, unknown>): SlackRoot | undefined {
  if (typeof channel !== 'string' || typeof ts !== 'string') return undefined;
  return { channel, ts, version: Number(version) };
}

function keyOf({ incidentId, channel, entryId }: Delivery) {
  return { pk: `INCIDENT#${incidentId}`, sk: `SENT#${channel}#${entryId}` };
}

function rootKeyOf(incidentId: string) {
  return { pk: `INCIDENT#${incidentId}`, sk: 'SENT#slack#root' };
}
