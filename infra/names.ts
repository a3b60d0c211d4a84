import { sha256Of } from '../functions/domain/certificate.ts';

/** Machines, functions and topics name each other by their fixed names, so that no circle of references arises. */
export type OwnArn = (service: string, resource: string) => string;

/** ARN of a state machine of ours. */
export function machineArn(own: OwnArn, name: string): string {
  return own('states', `stateMachine:handsoff-${name}`);
}

/** Names of a runbook's machine, as `respond` computes them. */
export function runbookMachine(runbookId: string): string {
  return `runbook-${runbookId}`;
}

/** End of the name of the rule on a partner's bus: of that bus alone, whichever others are listened to. */
export function partnerRule(bus: string): string {
  const [, vendor = ''] = /^aws\.partner\/([a-z]+)/.exec(bus) ?? [];
  return `partner-${vendor}-${sha256Of(bus).slice(0, 8)}`;
}

/** What the `${…}` of every definition stand for; a runbook's own has `RunbookId` beside them. */
export function substitutionsOf(
  functions: readonly string[],
  own: OwnArn,
  {
    highUrgencyTopicArn,
    quarantineQueueUrl,
  }: { readonly highUrgencyTopicArn: string; readonly quarantineQueueUrl: string },
): Record<string, string> {
  return {
    ...Object.fromEntries(
      functions.map((name) => [`${pascalCase(name)}FunctionArn`, own('lambda', `function:handsoff-${name}`)]),
    ),
    RespondMachineArn: machineArn(own, 'respond'),
    RemediateMachineArn: machineArn(own, 'remediate'),
    RunbookMachineArnPrefix: machineArn(own, runbookMachine('')),
    HighUrgencyTopicArn: highUrgencyTopicArn,
    QuarantineQueueUrl: quarantineQueueUrl,
  };
}

function pascalCase(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
