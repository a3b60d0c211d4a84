import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { explainWildcards } from '../wildcards.ts';
import type { WatchedQueue } from './watched-queue.ts';

/** What differs from one function to the next. */
export interface HandsoffFunctionProps {
  /** Folder below `functions/`, and the end of the function's name: `handsoff-<name>`. */
  readonly name: string;
  /** The directory that is deployed. */
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** All that its role may do beside writing its own logs and traces. */
  readonly grants: readonly PolicyStatement[];
  /** Where its events go that failed for good; for a function that is invoked asynchronously. */
  readonly deadLetters?: WatchedQueue;
  /**
   * Whether it may be started by what it has sent itself. Otherwise Lambda ends such a loop after some 16 rounds:
   * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
   */
  readonly mayLoop?: boolean;
  /** @default 256 - the least that does not slow down a warm Node.js */
  readonly memoryMb?: number;
  /** @default 30 seconds */
  readonly timeout?: Duration;
}

/** The one way a function is made: its own role, its own log group, tracing, and nothing granted that is not listed. */
export class HandsoffFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandsoffFunctionProps) {
    super(scope, id);
    const functionName = `handsoff-${props.name}`;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    for (const statement of props.grants) this.role.addToPolicy(statement);
    explainWildcards(this.role, props.grants);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.directory),
      role: this.role,
      logGroup,
      memorySize: props.memoryMb ?? 256,
      timeout: props.timeout ?? Duration.seconds(30),
      tracing: Tracing.ACTIVE,
      ...(props.deadLetters && { deadLetterQueue: props.deadLetters.queue }),
      ...(props.mayLoop && { recursiveLoop: RecursiveLoop.ALLOW }),
      environment: {
        POWERTOOLS_SERVICE_NAME: 'handsoff',
        POWERTOOLS_METRICS_NAMESPACE: 'Handsoff',
        ...props.environment,
      },
    });
    if (!props.deadLetters) {
      const reason =
        'Nothing invokes it asynchronously: its state machine, stream or HTTP caller sees and handles its failure.';
      Validations.of(this.lambda).acknowledge({ id: 'Serverless-LambdaDLQ', reason });
    }
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Sending traces to X-Ray has no resource-level permissions.',
    });
  }
}
