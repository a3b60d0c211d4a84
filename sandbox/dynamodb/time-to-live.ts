import { AwsError } from '../aws.ts';
import { type Members, readMembers, readText } from '../members.ts';
import type { TableDescription } from './table-description.ts';

/**
 * Which attribute of each table says when an item expires. It is only recorded: AWS deletes expired items within a
 * few days, so nothing may rely on when they go, and here they stay.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class TimeToLive {
  readonly #attributes = new Map<string, string>();

  constructor(tables: readonly TableDescription[]) {
    for (const { name, ttlAttribute } of tables) if (ttlAttribute) this.#attributes.set(name, ttlAttribute);
  }

  describe({ name }: TableDescription): Members {
    const AttributeName = this.#attributes.get(name);
    const description = AttributeName
      ? { TimeToLiveStatus: 'ENABLED', AttributeName }
      : { TimeToLiveStatus: 'DISABLED' };
    return { TimeToLiveDescription: description };
  }

  /** Throws ValidationException when it is already as asked, or the attribute is another one. */
  update({ name }: TableDescription, specification: unknown): Members {
    const { AttributeName, Enabled } = readMembers(specification);
    const attribute = readText(AttributeName);
    if (!attribute || typeof Enabled !== 'boolean')
      throw new AwsError('ValidationException', 'TimeToLiveSpecification needs AttributeName and Enabled');
    const current = this.#attributes.get(name);
    if (Enabled && current) throw new AwsError('ValidationException', 'TimeToLive is already enabled');
    if (!Enabled && !current) throw new AwsError('ValidationException', 'TimeToLive is already disabled');
    if (!Enabled && current !== attribute)
      throw new AwsError('ValidationException', 'TimeToLive is active on a different AttributeName');
    if (Enabled) this.#attributes.set(name, attribute);
    else this.#attributes.delete(name);
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled } };
  }
}
