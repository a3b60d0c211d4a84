import { alertQuarantined } from './bus-events.ts';
import type { SnsMessage } from './sns-message.ts';
import type { Admitted, WebhookPorts, WebhookResult } from './webhook-ports.ts';

/**
 * Confirms the subscription of a topic that `config/sources.yaml` names, whose URL was checked with its signature. When
 * a topic is no longer subscribed, its alerts stop: people hear of that through quarantine. Throws when SNS does not
 * confirm, so that it sends the message again.
 */
export async function answerSubscription(
  { type, subscribeUrl = '' }: SnsMessage,
  admitted: Admitted,
  { bus, getFromSns }: Pick<WebhookPorts, 'bus' | 'getFromSns'>,
): Promise<WebhookResult> {
  const answer = admitted.sender.accepted(undefined);
  if (type === 'UnsubscribeConfirmation') {
    await bus.put([alertQuarantined(admitted, 'unsubscribed', 'The topic does not send to Handsoff any more.')]);
    return { outcome: 'quarantined', reason: 'unsubscribed', answer };
  }
  const { status } = await getFromSns(subscribeUrl);
  if (status !== 200) throw new Error(`SNS answered ${status} when its subscription was to be confirmed.`);
  return { outcome: 'subscribed', answer };
}
