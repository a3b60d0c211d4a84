import type { Delivery, DeliveryLog } from '../adapters/delivery-log.ts';
import { DeliveryHeldError } from './channel.ts';

/** Sends, and calls `sent` as soon as anybody can have seen something; answers the channel's own id of the message. */
export type Send = (sent: () => void) => Promise<string>;

/**
 * Sends a delivery that nobody else has claimed or sent. A claim is given back only when nothing was sent: after that a
 * failure keeps it, so that the next try comes when the claim has run out and not at once. Answers whether it was sent.
 */
export async function deliverOnce(
  deliveries: Pick<DeliveryLog, 'claim' | 'release' | 'markSent'>,
  delivery: Delivery,
  now: Date,
  send: Send,
): Promise<boolean> {
  const claim = await deliveries.claim(delivery, now);
  if (claim === 'sent') return false;
  if (claim === 'held') throw new DeliveryHeldError(delivery.incidentId, delivery.entryId, delivery.channel);
  let isSent = false;
  try {
    const receipt = await send(() => {
      isSent = true;
    });
    await deliveries.markSent(delivery, receipt, now);
    return true;
  } catch (error) {
    if (!isSent) await Promise.allSettled([deliveries.release(delivery)]);
    throw error;
  }
}
