import { iamActionOf } from './aws-calls.ts';
import type { AutomationStep } from './read-steps.ts';

/** One call to AWS that a step makes, as IAM sees it. */
export interface StepCall {
  readonly action: string;
  /**
   * What it is certain to be about, as a manifest writes resources: one of each group must be allowed. Empty where only
   * the run of the document tells.
   */
  readonly about: readonly (readonly string[])[];
}

/** Raised for a step of which nobody can tell what it calls. */
export class UnreadableStepError extends Error {
  override readonly name = 'UnreadableStepError' as const;
}

/**
 * What a step calls, from the step alone. Throws an `UnreadableStepError` for one that does not say it in plain words.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 */
export function callsOfStep(step: Pick<AutomationStep, 'action' | 'inputs'>): readonly StepCall[] {
  const read = actions[step.action];
  if (!read)
    throw new UnreadableStepError(
      `has the action ${step.action}, of which nobody here knows what it calls; use aws:executeAwsApi with the API itself`,
    );
  return read(step.inputs);
}

type Inputs = AutomationStep['inputs'];

const actions: Readonly<Record<string, (inputs: Inputs) => readonly StepCall[]>> = {
  'aws:approve': (inputs) => (inputs['NotificationArn'] === undefined ? [] : [call('sns:Publish')]),
  'aws:assertAwsResourceProperty': callsOfApi,
  'aws:branch': () => [],
  'aws:changeInstanceState': callsOfStateChange,
  'aws:createTags': (inputs) => [
    call(
      inputs['ResourceType'] === undefined || inputs['ResourceType'] === 'EC2'
        ? 'ec2:CreateTags'
        : 'ssm:AddTagsToResource',
    ),
  ],
  'aws:executeAutomation': callsOfNested,
  'aws:executeAwsApi': callsOfApi,
  'aws:executeScript': callsOfScript,
  'aws:invokeLambdaFunction': (inputs) => [call('lambda:InvokeFunction', functionOf(inputs))],
  'aws:loop': () => [],
  'aws:pause': () => [],
  'aws:runCommand': callsOfCommand,
  'aws:sleep': () => [],
  'aws:updateVariable': () => [],
  'aws:waitForAwsResourceProperty': callsOfApi,
};

const stateChanges: Readonly<Record<string, string>> = {
  running: 'ec2:StartInstances',
  stopped: 'ec2:StopInstances',
  terminated: 'ec2:TerminateInstances',
};

/** The name of the document that a step starts as a further automation. */
export function nestedDocumentOf({ action, inputs }: AutomationStep): string | undefined {
  return action === 'aws:executeAutomation' ? plainText(inputs, 'DocumentName') : undefined;
}

function call(action: string, ...about: readonly (readonly string[])[]): StepCall {
  return { action, about };
}

/** `StopInstances`, `stopInstances` or `stop_instances`. */
const operation = /^(?:[A-Za-z][A-Za-z0-9]*|[a-z][a-z0-9]*(?:_[a-z0-9]+)+)$/;
const serviceName = /^[A-Za-z][A-Za-z0-9-]*$/;

function callsOfApi(inputs: Inputs): readonly StepCall[] {
  const [service, api] = [plainText(inputs, 'Service'), plainText(inputs, 'Api')];
  if (!serviceName.test(service) || !operation.test(api))
    throw new UnreadableStepError(
      `calls ${JSON.stringify(`${service}:${api}`)}, which is no API; write its service and its name alone, such as ec2 and DescribeInstances`,
    );
  return [call(iamActionOf(service, api))];
}

function callsOfStateChange(inputs: Inputs): readonly StepCall[] {
  const looks = call('ec2:DescribeInstanceStatus');
  if (String(inputs['CheckStateOnly']) === 'true') return [looks];
  const change = stateChanges[plainText(inputs, 'DesiredState')];
  if (!change) throw new UnreadableStepError('has a DesiredState that is none of running, stopped and terminated');
  return [call(change), looks];
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-runcommand.html */
function callsOfCommand(inputs: Inputs): readonly StepCall[] {
  const document = `ssm:document/${plainText(inputs, 'DocumentName')}`;
  return [
    call('ssm:SendCommand', [document], ['ec2:instance/*', 'ssm:managed-instance/*']),
    call('ssm:ListCommands'),
    call('ssm:ListCommandInvocations'),
    call('ssm:GetCommandInvocation'),
  ];
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeAutomation.html */
function callsOfNested(inputs: Inputs): readonly StepCall[] {
  const name = plainText(inputs, 'DocumentName');
  return [
    call('ssm:StartAutomationExecution', [`ssm:automation-definition/${name}:*`]),
    call('ssm:GetAutomationExecution'),
  ];
}

/** Modules of Python that only compute. */
const harmless = [
  'base64',
  'collections',
  'datetime',
  'decimal',
  'functools',
  'hashlib',
  'ipaddress',
  'itertools',
  'json',
  'math',
  're',
  'statistics',
  'string',
  'textwrap',
  'time',
  'typing',
  'uuid',
];
const imports = /(?:^|;)[ \t]*(?:import[ \t]+([^#;\n]+)|from[ \t]+([\w.]+)[ \t]+import\b)/gm;
/** Words by which a script comes to more than it says. */
const ways = /__\w+__|\b(?:importlib|builtins)\b|(?<![\w.])(?:eval|exec|compile|open|getattr|globals)[ \t]*\(/;

/**
 * What a script calls cannot be told from outside, so it must not call AWS: the steps around it do. What keeps somebody
 * from it who means to is the role, which has no more than what those steps need.
 */
function callsOfScript(inputs: Inputs): readonly StepCall[] {
  const why = whyUnread(inputs);
  if (why === undefined) return [];
  throw new UnreadableStepError(
    `has a script that ${why}, so nobody can tell what it calls; let aws:executeAwsApi steps call AWS, and the script work with what they read`,
  );
}

function whyUnread({ Runtime: runtime, Script: script, Attachment: attachment }: Inputs): string | undefined {
  if (attachment !== undefined || !String(runtime).startsWith('python3'))
    return 'is no Python that stands in the document itself';
  const text = String(script);
  const foreign = modulesIn(text).find((name) => !harmless.includes(name));
  if (foreign !== undefined) return `imports ${foreign}; it may import ${harmless.join(', ')}`;
  const way = ways.exec(text)?.[0];
  return way && `says ${way}, by which it could come to anything`;
}

function modulesIn(script: string): string[] {
  const named = [...script.matchAll(imports)].flatMap(([, plain, from]) => from ?? plain?.split(',') ?? []);
  return named.map((name) => name.trim().split(/[ .]/)[0] ?? '');
}

function functionOf(inputs: Inputs): string[] {
  const name = plainText(inputs, 'FunctionName');
  return [`lambda:${name.startsWith('arn:') ? name.split(':').slice(5).join(':') : `function:${name}`}`];
}

function plainText(inputs: Inputs, field: string): string {
  const value = inputs[field];
  if (typeof value === 'string' && value !== '' && !value.includes('{{')) return value;
  throw new UnreadableStepError(
    `must say ${field} in plain words, not ${JSON.stringify(value)}: what it calls must be known before it runs`,
  );
}
