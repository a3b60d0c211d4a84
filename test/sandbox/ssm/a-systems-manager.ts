import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AwsCall, Principal } from '../../../sandbox/aws.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import {
  SystemsManager,
  type SystemsManagerEvent,
  type SystemsManagerOptions,
} from '../../../sandbox/ssm/systems-manager.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/automation';
export const CALLER: Principal = { kind: 'role', arn: 'arn:aws:iam::123456789012:role/caller' };
const RUNBOOK = new URL('../../../statemachines/runbooks/disk-space-low/', import.meta.url);

/** A document of the disk-space-low runbook. */
export function runbookDocument(file: string): unknown {
  return parse(readFileSync(new URL(file, RUNBOOK), 'utf8'));
}

/** The documents of the disk-space-low runbook under the names that a stack gives them. */
export const runbookDocuments = ['compress-logs', 'restore-logs'].flatMap((name) => [
  {
    name: `handsoff-disk-space-low-${name}`,
    documentType: 'Automation' as const,
    content: runbookDocument(`${name}.automation.yaml`),
  },
  {
    name: `handsoff-disk-space-low-${name}-command`,
    documentType: 'Command' as const,
    content: runbookDocument(`${name}.command.yaml`),
  },
]);

/** Systems Manager on a clock of its own; calls to other services go to `elsewhere`. */
export function aSystemsManager(
  options: Partial<SystemsManagerOptions> = {},
  elsewhere: (call: AwsCall) => Record<string, unknown> = () => ({}),
) {
  const clock = new VirtualClock(Date.parse('2026-11-20T12:00:00Z'));
  const events: SystemsManagerEvent[] = [];
  const calls: AwsCall[] = [];
  const assumed: string[] = [];
  const ssm: SystemsManager = new SystemsManager({
    clock,
    call: async (call) => {
      calls.push(call);
      return call.service === 'ssm' ? ssm.answer(call) : elsewhere(call);
    },
    account: '123456789012',
    region: 'eu-central-1',
    parameters: [],
    documents: [],
    emitEvent: (event) => events.push(event),
    canAssume: (role, service, { sourceArn }) => void assumed.push(`${role} ${service} ${sourceArn}`),
    ...options,
  });
  const ask = (operation: string, input: Record<string, unknown>, principal = CALLER) =>
    ssm.answer({ service: 'ssm', operation, input, principal });
  const start = async (input: Record<string, unknown>) =>
    String((await ask('StartAutomationExecution', input))['AutomationExecutionId']);
  return { ssm, clock, events, calls, assumed, ask, start };
}

/** An automation document of these steps, with the parameter `Name`. */
export function anAutomation(mainSteps: readonly object[], more: object = {}) {
  const content = { schemaVersion: '0.3', parameters: { Name: { type: 'String', default: 'x' } }, mainSteps, ...more };
  return { name: 'test', documentType: 'Automation' as const, content };
}
