/** One event bus (`AWS::Events::EventBus`); the default bus exists without being described. */
export interface EventBusDescription {
  readonly name: string;
  readonly arn: string;
}

/** One archive (`AWS::Events::Archive`). */
export interface ArchiveDescription {
  readonly name: string;
  /** The name of the bus whose events it keeps. */
  readonly busName: string;
  /** @default - every event of the bus */
  readonly eventPattern?: unknown;
}

/** One rule (`AWS::Events::Rule`). */
export interface RuleDescription {
  readonly name: string;
  readonly arn: string;
  /** @default 'default' */
  readonly busName?: string;
  /** @default 'ENABLED' */
  readonly state?: string;
  /** The pattern as JSON text or as a parsed value. */
  readonly eventPattern?: unknown;
  /** `rate(5 minutes)` or `cron(0 8 ? * MON-FRI *)`; only on the default bus. */
  readonly scheduleExpression?: string;
  readonly targets: readonly TargetDescription[];
}

/** One target of a rule. */
export interface TargetDescription extends TargetInputDescription {
  /** ARN of a function, state machine, topic, queue or event bus. */
  readonly arn: string;
  /** The role that EventBridge takes on; state machines and buses need one. @default - EventBridge calls as a service */
  readonly roleArn?: string;
  /** `DeadLetterConfig.Arn`: a standard queue. */
  readonly deadLetterArn?: string;
  /** `RetryPolicy.MaximumRetryAttempts`, 0 to 185. @default 185 */
  readonly maximumRetryAttempts?: number;
  /** `RetryPolicy.MaximumEventAgeInSeconds`, 60 to 86400. @default 86400 */
  readonly maximumEventAgeSeconds?: number;
}

/** What a target is given instead of the whole event: at most one of the three. */
export interface TargetInputDescription {
  /** Unique within the rule. */
  readonly id: string;
  /** Constant JSON text. */
  readonly input?: string;
  /** The JSON path of the part of the event to give. */
  readonly inputPath?: string;
  readonly inputTransformer?: InputTransformerDescription;
}

/** Variables read from the event, and the template they are put into. */
export interface InputTransformerDescription {
  readonly inputPathsMap?: Readonly<Record<string, string>>;
  readonly inputTemplate: string;
}

/** Raised when a rule, target, bus or archive is described in a way that EventBridge refuses to create. */
export class InvalidRuleError extends Error {
  override readonly name = 'InvalidRuleError' as const;
}
