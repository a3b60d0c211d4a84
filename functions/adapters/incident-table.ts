import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOptions } from './client-options.ts';
import { DynamoDbTable } from './dynamodb-table.ts';

/** The incident table that the stack names in `INCIDENT_TABLE`. Throws at cold start when it names none. */
export function incidentTable(): DynamoDbTable {
  const name = process.env['INCIDENT_TABLE'];
  if (!name)
    throw new Error('The environment variable INCIDENT_TABLE is not set; the stack sets it for every function.');
  return new DynamoDbTable(new DynamoDBClient(clientOptions), name);
}
