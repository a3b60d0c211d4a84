import type { RequiredGrant } from '../aws.ts';
import { type Members, readList, readMembers, readText } from '../members.ts';

const ITEM_ACTIONS = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** What IAM must allow for an operation. `arnOf` turns a TableName, which may be an ARN, into the table's ARN. */
export function listRequiredGrants(
  operation: string,
  input: Members,
  arnOf: (nameOrArn: string) => string,
): readonly RequiredGrant[] {
  const action = `dynamodb:${operation}`;
  if (operation === 'ListTables') return [{ action, resource: '*' }];
  if (operation.startsWith('Transact'))
    return readList(input['TransactItems']).flatMap((item) => grantsOf(item, arnOf));
  if (operation.startsWith('Batch'))
    return Object.keys(readMembers(input['RequestItems'])).map((name) => ({ action, resource: arnOf(name) }));
  const tableArn = arnOf(readText(input['TableName']));
  const index = readText(input['IndexName']);
  return [{ action, resource: index ? `${tableArn}/index/${index}` : tableArn }];
}

function grantsOf(item: Members, arnOf: (nameOrArn: string) => string): readonly RequiredGrant[] {
  return Object.entries(ITEM_ACTIONS)
    .filter(([kind]) => item[kind] !== undefined)
    .map(([kind, action]) => ({ action, resource: arnOf(readText(readMembers(item[kind])['TableName'])) }));
}
