import { AwsError } from '../aws.ts';
import { DEFAULTS, type Queue, type QueuedMessage } from './queue.ts';
import { MAX_MESSAGE_BYTES } from './send-input.ts';

/** The answer of GetQueueAttributes. Throws InvalidAttributeName. */
export function describeQueue(queue: Queue, names: unknown): Record<string, unknown> {
  const all = listAttributes(queue);
  const asked = Array.isArray(names) ? names.map(String) : [];
  const unknown = asked.find((name) => name !== 'All' && !KNOWN.has(name) && !Object.hasOwn(all, name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const entries = Object.entries(all).filter(([name]) => asked.includes('All') || asked.includes(name));
  return entries.length > 0 ? { Attributes: Object.fromEntries(entries) } : {};
}

/** Attributes that a queue may have on AWS and has not here. */
const KNOWN = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
]);

function listAttributes(queue: Queue): Record<string, string> {
  const { description, createdAt } = queue;
  const messages = queue.messages();
  const created = String(Math.floor(createdAt / 1000));
  const { redrive } = description;
  return {
    QueueArn: description.arn,
    ApproximateNumberOfMessages: count(messages, 'visible'),
    ApproximateNumberOfMessagesNotVisible: count(messages, 'in-flight'),
    ApproximateNumberOfMessagesDelayed: count(messages, 'delayed'),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: String(description.visibilityTimeoutSeconds ?? DEFAULTS.visibilityTimeoutSeconds),
    MaximumMessageSize: String(description.maximumMessageBytes ?? MAX_MESSAGE_BYTES),
    MessageRetentionPeriod: String(description.messageRetentionSeconds ?? DEFAULTS.messageRetentionSeconds),
    DelaySeconds: String(description.delaySeconds ?? 0),
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    ...(redrive ? { RedrivePolicy: toRedrivePolicy(redrive) } : {}),
  };
}

function toRedrivePolicy({ deadLetterArn, maxReceiveCount }: { deadLetterArn: string; maxReceiveCount: number }) {
  return JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount });
}

function count(messages: readonly QueuedMessage[], state: QueuedMessage['state']): string {
  return String(messages.filter((message) => message.state === state).length);
}
