import type { AwsCall } from '../sandbox/aws.ts';
import type { Assembly } from '../sandbox/assembly/assembly.ts';
import type { RoutedCall } from '../sandbox/router.ts';
import type { RehearsedRunbook } from './rehearsed-runbook.ts';

/** Operations that only look, by how AWS names them. */
const READING =
  /^(Describe|Get|List|Lookup|BatchGet|Search|Query|Scan|Filter|Head|Select|StartQuery|StopQuery|Simulate|Check)/;

/** True for an operation that changes nothing. */
export function isReading({ operation }: Pick<RoutedCall, 'operation'>): boolean {
  return READING.test(operation);
}

/**
 * The calls of a play that change something on the runbook's behalf: everything that its automations ask for, and
 * everything that its machine asks for beyond what Handsoff itself is.
 */
export function changingCalls(
  calls: readonly RoutedCall[],
  runbook: RehearsedRunbook,
  assembly: Assembly,
): RoutedCall[] {
  return calls.filter((call) => {
    if (isReading(call)) return false;
    if (call.principal.arn === runbook.automationRole) return true;
    return call.principal.arn === runbook.machineRole && !isAboutHandsoff(call, assembly);
  });
}

/** A call as an expectation names it. */
export function nameOfCall({ service, operation, input }: Pick<RoutedCall, 'service' | 'operation' | 'input'>): string {
  const name = `${service}:${operation}`;
  return name === 'ssm:SendCommand' ? `${name} ${String(input['DocumentName'])}` : name;
}

/** True for the invocation of a function of the stack, by its name. */
export function isInvoking({ service, operation, input }: AwsCall, functionName: string): boolean {
  return service === 'lambda' && operation === 'Invoke' && String(input['FunctionName']).endsWith(functionName);
}

/** A function by its name, whether it is named by that or by its ARN. */
export function nameOfFunction(nameOrArn: unknown): string {
  return String(nameOrArn).replace(/^.*:function:/, '');
}

function isAboutHandsoff({ grants, service }: RoutedCall, assembly: Assembly): boolean {
  if (service === 'sfn' || service === 'eventbridge') return true;
  return grants.length > 0 && grants.every(({ resource }) => assembly.byArn(resource) !== undefined);
}
