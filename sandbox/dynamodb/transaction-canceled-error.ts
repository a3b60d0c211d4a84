import { AwsError } from '../aws.ts';
import type { Item } from './engine.ts';

/** Why one item of a transaction let it fail; `None` for an item that did not. */
export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

/** A transaction that was not carried out. `members` belong in the body of the error beside its code and message. */
export class TransactionCanceledError extends AwsError {
  readonly cancellationReasons: readonly CancellationReason[];

  constructor(reasons: readonly CancellationReason[]) {
    const codes = reasons.map((reason) => reason.Code).join(', ');
    const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
    super('TransactionCanceledException', message);
    this.cancellationReasons = reasons;
  }

  get members(): Readonly<Record<string, unknown>> {
    return { CancellationReasons: this.cancellationReasons };
  }
}
