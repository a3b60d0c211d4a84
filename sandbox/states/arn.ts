import { AwsError } from '../aws.ts';
import { MAX_NAME_LENGTH } from './limits.ts';

// White space, brackets, wildcards, special characters and control characters.
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/;

/** Throws `InvalidName` for a name that no execution may have. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
export function checkExecutionName(name: string): void {
  if (name.length > 0 && name.length <= MAX_NAME_LENGTH && !FORBIDDEN.test(name)) return;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

/** The ARN of an execution of a machine: Express ones have an id after their name. */
export function makeExecutionArn(machineArn: string, name: string, expressId?: string): string {
  const kind = expressId === undefined ? 'execution' : 'express';
  const arn = `${machineArn.replace(/:stateMachine:/, `:${kind}:`)}:${name}`;
  return expressId === undefined ? arn : `${arn}:${expressId}`;
}

/** Throws `InvalidArn` for a text that is no ARN. */
export function checkArn(arn: string): void {
  if (!arn.startsWith('arn:')) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
}

/** The machine's ARN without the version or alias that may follow it. */
export function unqualifyMachineArn(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
