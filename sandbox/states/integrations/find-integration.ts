import { callSdk } from './aws-sdk.ts';
import { accessItem } from './dynamodb.ts';
import type { Integration } from './integration.ts';
import { callFunction, invokeFunction } from './lambda.ts';
import { putEvents, publish, sendMessage } from './messages.ts';
import type { Pattern, TaskResource } from './resource.ts';
import { startExecution } from './start-execution.ts';

const SUFFIXES: Readonly<Record<Pattern, string>> = {
  request: '',
  sync: '.sync',
  'sync:2': '.sync:2',
  token: '.waitForTaskToken',
};

/** The integration of a `Resource` that `parseResource` could use. */
export function findIntegration(resource: TaskResource): Integration {
  if (resource.kind === 'function') return callFunction(resource.arn);
  const shown = `${resource.action}${SUFFIXES[resource.pattern]}`;
  if (resource.kind === 'sdk') return callSdk(resource.name, resource.service, resource.action, shown);
  switch (`${resource.service}:${resource.action}`) {
    case 'lambda:invoke':
      return invokeFunction(shown);
    case 'states:startExecution':
      return startExecution(shown, resource.pattern);
    case 'sqs:sendMessage':
      return sendMessage(shown);
    case 'sns:publish':
      return publish(shown);
    case 'events:putEvents':
      return putEvents(shown);
    default:
      return accessItem(resource.action);
  }
}
