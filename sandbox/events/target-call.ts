import { UnsupportedInSandboxError, type AwsCall, type Principal } from '../aws.ts';
import { queueUrlOf } from '../sqs/queue-url.ts';
import type { BusEvent } from './bus-event.ts';
import { InvalidRuleError, type TargetDescription } from './descriptions.ts';
import { compileTargetInput, type MakeInput, type RuleIdentity } from './input-transformer.ts';

/** Makes the call that delivers an event. Throws `InputError` when the event gives no valid input. */
export type MakeTargetCall = (event: BusEvent) => AwsCall;

type Kind = 'function' | 'state-machine' | 'topic' | 'queue' | 'bus';
type InputOf = (target: TargetDescription, makeInput: MakeInput) => (event: BusEvent) => AwsCall['input'];

interface KindOfTarget {
  readonly kind: Kind;
  readonly arn: RegExp;
  readonly service: string;
  readonly operation: string;
  readonly needsRole: boolean;
  readonly inputOf: InputOf;
}

const EVENTS = 'events.amazonaws.com';

const KINDS: readonly KindOfTarget[] = [
  {
    kind: 'function',
    arn: /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/,
    service: 'lambda',
    operation: 'Invoke',
    needsRole: false,
    inputOf: ({ arn }, makeInput) => {
      return (event) => ({ FunctionName: arn, InvocationType: 'Event', Payload: makeInput(event) });
    },
  },
  {
    kind: 'state-machine',
    arn: /^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+(?::[^:]+)?$/,
    service: 'sfn',
    operation: 'StartExecution',
    needsRole: true,
    inputOf: ({ arn }, makeInput) => {
      return (event) => ({ stateMachineArn: arn, input: makeInput(event) });
    },
  },
  {
    kind: 'topic',
    arn: /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/,
    service: 'sns',
    operation: 'Publish',
    needsRole: false,
    inputOf: ({ arn }, makeInput) => {
      return (event) => ({ TopicArn: arn, Message: makeInput(event) });
    },
  },
  {
    kind: 'queue',
    arn: /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+$/,
    service: 'sqs',
    operation: 'SendMessage',
    needsRole: false,
    inputOf: ({ arn }, makeInput) => {
      return (event) => ({ QueueUrl: queueUrlOf(arn), MessageBody: makeInput(event) });
    },
  },
  {
    kind: 'bus',
    arn: /^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/[\w./-]+$/,
    service: 'eventbridge',
    operation: 'PutEvents',
    needsRole: true,
    inputOf: forwardInput,
  },
];

/**
 * Compiles the call of one target. Without a role EventBridge calls as itself on behalf of the rule. Throws
 * `InvalidRuleError` for what AWS refuses and `UnsupportedInSandboxError` for any other kind of target.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
 */
export function compileTargetCall(target: TargetDescription, rule: RuleIdentity): MakeTargetCall {
  const found = KINDS.find(({ arn }) => arn.test(target.arn));
  if (!found) throw new UnsupportedInSandboxError(`the target ${target.arn} of the rule ${rule.name}`);
  if (found.needsRole && target.roleArn === undefined) {
    throw new InvalidRuleError(`RoleArn is required for target ${target.id} of the rule ${rule.name}: ${target.arn}.`);
  }
  const inputOf = found.inputOf(target, compileTargetInput(target, rule));
  const principal = principalOf(target, rule);
  const { service, operation } = found;
  return (event) => ({ service, operation, input: inputOf(event), principal });
}

/** EventBridge itself, on behalf of a rule. */
export function eventsService(rule: RuleIdentity): Principal {
  return { kind: 'service', arn: EVENTS, sourceArn: rule.arn };
}

function principalOf({ roleArn }: TargetDescription, rule: RuleIdentity): Principal {
  return roleArn === undefined ? eventsService(rule) : { kind: 'role', arn: roleArn };
}

function forwardInput(target: TargetDescription): ReturnType<InputOf> {
  if ((target.input ?? target.inputPath ?? target.inputTransformer) !== undefined) {
    throw new UnsupportedInSandboxError(`an input other than the event for target ${target.id}, an event bus`);
  }
  return ({ envelope }) => ({
    Entries: [
      {
        Source: envelope.source,
        DetailType: envelope['detail-type'],
        Detail: JSON.stringify(envelope.detail),
        Resources: envelope.resources,
        Time: envelope.time,
        EventBusName: target.arn,
      },
    ],
  });
}
