import type { Delivery, DeliveryLog } from '../adapters/delivery-log.ts';
import type { SnsPublisher } from '../adapters/sns.ts';
import { renderSns } from '../domain/telling/render-sns.ts';
import { whatToSay } from '../domain/telling/what-to-say.ts';
import type { Channel, HowOf, Telling } from './channel.ts';
import { deliverOnce } from './deliver-once.ts';

export interface SnsPorts {
  readonly deliveries: Pick<DeliveryLog, 'claim' | 'release' | 'markSent'>;
  readonly publisher: Pick<SnsPublisher, 'publish'>;
  readonly howOf: HowOf;
}

/** The topics: always there, and never given up on. A line that cannot be published is tried until the stream gives up. */
export function snsChannel(ports: SnsPorts): Channel {
  return {
    name: 'sns',
    patienceSeconds: Number.POSITIVE_INFINITY,
    tell: async (telling, now) => tellSns(telling, ports, now),
  };
}

async function tellSns({ incident, timeline, entry }: Telling, { deliveries, publisher, howOf }: SnsPorts, now: Date) {
  const message = whatToSay(incident, timeline, entry, howOf(incident));
  const why = message.problem === undefined ? {} : { reason: message.problem };
  if (message.urgency === 'none') return { outcome: 'nothing-to-say', ...why } as const;
  const delivery: Delivery = { incidentId: incident.id, channel: 'sns', entryId: entry.id };
  const { urgency } = message;
  const isNew = await deliverOnce(deliveries, delivery, now, async (sent) => {
    const messageId = await publisher.publish(urgency, message, renderSns(message));
    sent();
    return messageId;
  });
  return { outcome: isNew ? 'told' : 'already', ...why } as const;
}
