import { optimizedErrorStyle } from './error-names.ts';
import type { Integration } from './integration.ts';
import { needParameters } from './parameters.ts';

/** `arn:aws:states:::dynamodb:getItem` and its sisters. https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html */
export function accessItem(action: string): Integration {
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  return {
    resourceType: 'dynamodb',
    resource: action,
    errors: optimizedErrorStyle('dynamodb', 'DynamoDB', 'AmazonDynamoDBException', 'AmazonDynamoDBv2'),
    request: (attempt) => attempt.call('dynamodb', operation, needParameters(attempt.parameters, `dynamodb:${action}`)),
  };
}
