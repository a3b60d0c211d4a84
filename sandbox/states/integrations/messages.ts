import { isObject, type Json, type JsonObject } from '../json.ts';
import { StateError } from '../state-error.ts';
import { optimizedErrorStyle } from './error-names.ts';
import type { Integration } from './integration.ts';
import { needParameters, stringifyMembers } from './parameters.ts';

/** `arn:aws:states:::sqs:sendMessage`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html */
export function sendMessage(resource: string): Integration {
  return {
    resourceType: 'sqs',
    resource,
    errors: optimizedErrorStyle('sqs', 'SQS', 'AmazonSQSException', 'AmazonSQS'),
    request: (attempt) => {
      const { MessageAttribute, ...rest } = needParameters(attempt.parameters, 'sqs:sendMessage');
      const attributes = MessageAttribute === undefined ? {} : { MessageAttributes: MessageAttribute };
      return attempt.call('sqs', 'SendMessage', { ...stringifyMembers(rest, ['MessageBody']), ...attributes });
    },
  };
}

/** `arn:aws:states:::sns:publish`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html */
export function publish(resource: string): Integration {
  return {
    resourceType: 'sns',
    resource,
    errors: optimizedErrorStyle('sns', 'SNS', 'AmazonSNSException', 'AmazonSNS'),
    request: (attempt) => {
      const parameters = needParameters(attempt.parameters, 'sns:publish');
      return attempt.call('sns', 'Publish', stringifyMembers(parameters, ['Message']));
    },
  };
}

/** `arn:aws:states:::events:putEvents`. An entry that fails, fails the task. https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html */
export function putEvents(resource: string): Integration {
  return {
    resourceType: 'events',
    resource,
    errors: optimizedErrorStyle('eventbridge', 'EventBridge', 'AmazonEventBridgeException', 'AmazonEventBridge'),
    async request(attempt) {
      const { Entries, ...rest } = needParameters(attempt.parameters, 'events:putEvents');
      const { arn } = attempt.frame.branch.execution;
      const entries: Json = Array.isArray(Entries) ? Entries.map((entry) => prepareEntry(entry, arn)) : (Entries ?? []);
      const result = await attempt.call('eventbridge', 'PutEvents', { ...rest, Entries: entries });
      const failed = result['FailedEntryCount'];
      if (typeof failed === 'number' && failed > 0) {
        throw new StateError({ error: 'EventBridge.FailedEntry', cause: JSON.stringify(result) });
      }
      return result;
    },
  };
}

/** Step Functions adds the execution to the resources of every event. */
function prepareEntry(entry: Json, executionArn: string): Json {
  if (!isObject(entry)) return entry;
  const own: readonly Json[] = Array.isArray(entry['Resources']) ? entry['Resources'] : [];
  const prepared: JsonObject = { ...stringifyMembers(entry, ['Detail']), Resources: [...own, executionArn] };
  return prepared;
}
