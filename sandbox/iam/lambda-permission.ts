import { type Members, scalarText } from '../members.ts';
import type { Assembly, Resource } from '../assembly/read-assembly.ts';
import { UnsupportedInSandboxError } from '../aws.ts';
import { MalformedPolicyError } from './malformed-policy-error.ts';

const KNOWN = new Set(
  'Action FunctionName Principal SourceArn SourceAccount FunctionUrlAuthType InvokedViaFunctionUrl'.split(' '),
);

/**
 * The statement that an `AWS::Lambda::Permission` adds to the policy of a function, version or alias.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-permission.html
 */
export function readPermission(properties: Members, resource: Resource, assembly: Assembly) {
  const place = `${resource.stack}/${resource.logicalId}`;
  const unknown = Object.keys(properties).find((name) => !KNOWN.has(name));
  if (unknown) throw new UnsupportedInSandboxError(`${unknown} of a Lambda permission (${place})`);
  const [action, principal, functionName] = ['Action', 'Principal', 'FunctionName'].map((name) => {
    const text = scalarText(properties[name]);
    if (text === undefined) throw new MalformedPolicyError(place, `a Lambda permission needs the property ${name}.`);
    return text;
  });
  const arn = toFunctionArn(`${functionName}`, assembly);
  const statement = {
    Effect: 'Allow',
    Principal: toPrincipal(`${principal}`),
    Action: action,
    Resource: arn,
    ...toCondition(properties),
  };
  return { arns: [arn], path: 'Properties', statement };
}

/** Lambda takes a name, `account:function:name` or an ARN, each with or without a version or alias. */
function toFunctionArn(name: string, { partition, region, account }: Assembly): string {
  if (name.startsWith('arn:')) return name;
  const prefix = `arn:${partition}:lambda:${region}:`;
  return /^\d{12}:function:/.test(name) ? `${prefix}${name}` : `${prefix}${account}:function:${name}`;
}

function toPrincipal(principal: string): unknown {
  if (principal === '*') return '*';
  return /^(\d{12}|arn:.+)$/.test(principal) ? { AWS: principal } : { Service: principal };
}

function toCondition(properties: Members): { Condition?: Members } {
  const {
    SourceArn: arn,
    SourceAccount: account,
    FunctionUrlAuthType: auth,
    InvokedViaFunctionUrl: viaUrl,
  } = properties;
  const equal = {
    ...(account === undefined ? {} : { 'AWS:SourceAccount': account }),
    ...(auth === undefined ? {} : { 'lambda:FunctionUrlAuthType': auth }),
  };
  const condition = {
    ...(arn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': arn } }),
    ...(Object.keys(equal).length === 0 ? {} : { StringEquals: equal }),
    ...(viaUrl === undefined ? {} : { Bool: { 'lambda:InvokedViaFunctionUrl': viaUrl } }),
  };
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}
