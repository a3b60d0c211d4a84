import { AwsError } from '../aws.ts';
import type { Item } from './engine.ts';

/** A condition that does not hold. `members` belong in the body of the error beside its code and message. */
export class ConditionalCheckFailedError extends AwsError {
  /** The item as it is, when the request asked for ALL_OLD and there is one. */
  readonly item: Item | undefined;

  constructor(item?: Item) {
    super('ConditionalCheckFailedException', 'The conditional request failed');
    this.item = item;
  }

  get members(): Readonly<Record<string, unknown>> {
    return this.item ? { Item: this.item } : {};
  }
}
