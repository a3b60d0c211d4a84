import { type CallAws, type Principal, UnsupportedInSandboxError } from '../aws.ts';
import { queueUrlOf } from '../sqs/queue-url.ts';
import { encodePayload } from './payload.ts';

/** One JSON document that Lambda hands to a queue, topic, bus or function on behalf of a function. */
export interface Delivery {
  readonly destinationArn: string;
  /** The role of the function: Lambda delivers with its permissions. */
  readonly principal: Principal;
  readonly body: string;
  /** String attributes, for queues and topics. */
  readonly attributes?: Readonly<Record<string, { readonly type: 'String' | 'Number'; readonly value: string }>>;
  /** How an event bus shows it. */
  readonly event?: { readonly detailType: string; readonly resources: readonly string[] };
}

/**
 * Delivers one document as Lambda does, through `call`, so that a missing grant is an AccessDenied. Throws `AwsError`.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function deliver(call: CallAws, delivery: Delivery): Promise<void> {
  const { destinationArn, principal, body } = delivery;
  const service = destinationArn.split(':')[2];
  if (service === 'sqs') {
    const input = { QueueUrl: queueUrlOf(destinationArn), MessageBody: body, ...attributesOf(delivery) };
    await call({ service, operation: 'SendMessage', input, principal });
  } else if (service === 'sns') {
    const input = { TopicArn: destinationArn, Message: body, ...attributesOf(delivery) };
    await call({ service, operation: 'Publish', input, principal });
  } else if (service === 'events') await putEvent(call, delivery);
  else if (service === 'lambda') {
    const input = { FunctionName: destinationArn, InvocationType: 'Event', Payload: encodePayload(body) };
    await call({ service, operation: 'Invoke', input, principal });
  } else throw new UnsupportedInSandboxError(`the destination ${destinationArn} of a Lambda function`);
}

async function putEvent(call: CallAws, { destinationArn, principal, body, event }: Delivery): Promise<void> {
  const entry = {
    Source: 'lambda',
    EventBusName: destinationArn,
    DetailType: event?.detailType ?? 'Lambda Function Invocation Result',
    Resources: event?.resources ?? [],
    Detail: body,
  };
  const output = await call({ service: 'eventbridge', operation: 'PutEvents', input: { Entries: [entry] }, principal });
  if (Number(output['FailedEntryCount'] ?? 0) > 0) {
    throw new Error(`The event bus ${destinationArn} took no record: ${JSON.stringify(output['Entries'])}`);
  }
}

function attributesOf({ attributes }: Delivery): { MessageAttributes?: Record<string, unknown> } {
  if (!attributes) return {};
  const entries = Object.entries(attributes).map(([name, { type, value }]) => [
    name,
    { DataType: type, StringValue: value },
  ]);
  return { MessageAttributes: Object.fromEntries(entries) };
}
