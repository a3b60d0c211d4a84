import { byteLength, type Json } from '../json.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import { runtimeError } from '../state-error.ts';
import type { StateFrame } from '../state-frame.ts';
import { readLimit } from './read-limit.ts';

/** The input of one child execution, and how many items it holds. */
export interface Batch {
  readonly input: Json;
  readonly size: number;
}

/** Gathers items as `ItemBatcher` says; without it every item is on its own. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html */
export async function batchItems(frame: StateFrame, items: readonly Json[], input: Json): Promise<readonly Batch[]> {
  const { ItemBatcher } = frame.state;
  if (ItemBatcher === undefined) return items.map((item) => ({ input: item, size: 1 }));
  const most = await readPositive(frame, 'MaxItemsPerBatch', Number.POSITIVE_INFINITY, input);
  const mostBytes = await readPositive(frame, 'MaxInputBytesPerBatch', MAX_PAYLOAD_BYTES, input);
  const { BatchInput } = ItemBatcher;
  const fixed =
    BatchInput === undefined
      ? {}
      : { BatchInput: await frame.language.fill(frame, BatchInput, 'ItemBatcher/BatchInput', input) };
  const empty = byteLength({ ...fixed, Items: [] });
  return gather(items, most, Math.min(mostBytes, MAX_PAYLOAD_BYTES) - empty).map((Items) => ({
    input: { ...fixed, Items },
    size: Items.length,
  }));
}

async function readPositive(frame: StateFrame, name: string, otherwise: number, input: Json): Promise<number> {
  const { ItemBatcher = {} } = frame.state;
  const limit = await readLimit(frame, ItemBatcher, name, 'ItemBatcher', input);
  if (limit !== undefined && limit < 1) throw runtimeError(`${name} must be a positive integer.`);
  return limit ?? otherwise;
}

/** An item that is too large for any batch is one by itself. */
function gather(items: readonly Json[], most: number, mostBytes: number): readonly (readonly Json[])[] {
  const batches: Json[][] = [];
  let bytes = 0;
  for (const item of items) {
    const own = byteLength(item) + 1;
    const last = batches.at(-1);
    if (last && last.length < most && bytes + own - 1 <= mostBytes) {
      last.push(item);
      bytes += own;
    } else {
      batches.push([item]);
      bytes = own;
    }
  }
  return batches;
}
