import { AwsError } from '../aws.ts';
import { type Members, readText } from '../members.ts';
import type { TableDescription } from './table-description.ts';

/** The tables of the sandbox, by name and by ARN: DynamoDB takes either as TableName. */
export class Tables {
  readonly #byName: ReadonlyMap<string, TableDescription>;
  readonly #byArn: ReadonlyMap<string, TableDescription>;

  constructor(tables: readonly TableDescription[]) {
    this.#byName = new Map(tables.map((table) => [table.name, table]));
    this.#byArn = new Map(tables.map((table) => [table.arn, table]));
  }

  find(nameOrArn: unknown): TableDescription | undefined {
    const text = readText(nameOrArn);
    return this.#byName.get(text) ?? this.#byArn.get(text);
  }

  /** Throws ResourceNotFoundException. */
  get(nameOrArn: unknown): TableDescription {
    const table = this.find(nameOrArn);
    if (!table) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  /** The input with the table's name where it has the ARN. Anything else is left to validation. */
  nameTable(input: Members): Members {
    const table = this.#byArn.get(readText(input['TableName']));
    return table ? { ...input, TableName: table.name } : input;
  }
}
