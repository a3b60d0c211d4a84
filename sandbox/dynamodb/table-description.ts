import type { Members } from '../members.ts';

/** One attribute of a key, as in AWS::DynamoDB::Table. */
export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

/** One table, with the members of AWS::DynamoDB::Table. */
export interface TableDescription {
  readonly name: string;
  readonly arn: string;
  /** Present when the table has a stream. */
  readonly streamArn?: string;
  readonly keySchema: readonly KeyElement[];
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  /** With IndexName, KeySchema and Projection, as are the local ones. */
  readonly globalSecondaryIndexes?: readonly Members[];
  readonly localSecondaryIndexes?: readonly Members[];
  /** @default 'NEW_AND_OLD_IMAGES' */
  readonly streamViewType?: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';
  readonly ttlAttribute?: string;
}

/** The input of CreateTable for a description. */
export function toCreateTable(table: TableDescription): Members {
  return {
    TableName: table.name,
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
    ...toIndexes('GlobalSecondaryIndexes', table.globalSecondaryIndexes),
    ...toIndexes('LocalSecondaryIndexes', table.localSecondaryIndexes),
  };
}

/** The members of a key among those of an item, in the order of the key schema. */
export function pickKey(table: TableDescription, item: Members): Members {
  const names = table.keySchema.map((element) => element.AttributeName);
  return Object.fromEntries(names.filter((name) => Object.hasOwn(item, name)).map((name) => [name, item[name]]));
}

function toIndexes(member: string, indexes: readonly Members[] = []): Members {
  if (indexes.length === 0) return {};
  return { [member]: indexes.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection })) };
}
