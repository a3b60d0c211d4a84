import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Message } from '../domain/telling/message.ts';
import type { SnsText } from '../domain/telling/render-sns.ts';

/** ARNs of the two topics that people subscribe to. */
export interface SnsTopics {
  readonly high: string;
  readonly low: string;
}

/** Publishes to the topic of an urgency, with attributes that subscribers can filter by. */
export class SnsPublisher {
  readonly #client: SNSClient;
  readonly #topics: SnsTopics;

  constructor(client: SNSClient, topics: SnsTopics) {
    this.#client = client;
    this.#topics = topics;
  }

  /** Publishes once, in a short form for telephones and a long one for everybody else; answers SNS's id of the message. */
  async publish(
    urgency: 'high' | 'low',
    { incidentId, kind }: Pick<Message, 'incidentId' | 'kind'>,
    text: SnsText,
  ): Promise<string> {
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    const { MessageId: messageId = '' } = await this.#client.send(
      new PublishCommand({
        TopicArn: this.#topics[urgency],
        Subject: text.subject,
        Message: JSON.stringify({ default: text.message, sms: text.sms }),
        MessageStructure: 'json',
        MessageAttributes: { incident_id: attribute(incidentId), urgency: attribute(urgency), kind: attribute(kind) },
      }),
    );
    return messageId;
  }
}
