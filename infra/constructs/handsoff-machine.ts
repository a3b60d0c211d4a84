import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachine,
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { explainWildcards } from '../wildcards.ts';
import { trustOfThisAccount } from './trust.ts';

export interface HandsoffMachineProps {
  /** End of the machine's name: `handsoff-<name>`. */
  readonly name: string;
  /** The `.asl.json` file; what it says is deployed as it is, but for its `${…}`. */
  readonly file: string;
  readonly type: StateMachineType;
  /** What its `${…}` stand for. One that is used and not given is an error; what is not used is left out. */
  readonly substitutions: Readonly<Record<string, string>>;
  /** All that its role may do beside logs and traces. */
  readonly grants: readonly PolicyStatement[];
}

/** The one way a state machine is made from its file: its own role, logs, tracing. */
export class HandsoffMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: HandsoffMachineProps) {
    super(scope, id);
    // Without white space, which would be an eighth of the template: a certificate is of what it says.
    const text = JSON.stringify(JSON.parse(readFileSync(props.file, 'utf8')));
    const stateMachineName = `handsoff-${props.name}`;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    trustOfThisAccount(role, 'states', `stateMachine:${stateMachineName}`);
    for (const statement of props.grants) role.addToPolicy(statement);
    explainWildcards(role, props.grants);
    const logGroup = new LogGroup(this, 'Logs', {
      // The prefix is the one for which log delivery needs no resource policy of its own.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName,
      stateMachineType: props.type,
      definitionBody: DefinitionBody.fromString(text),
      definitionSubstitutions: usedSubstitutions(text, props.substitutions, relative(process.cwd(), props.file)),
      role,
      tracingEnabled: true,
      // Execution data holds task tokens and whatever an alarm says: the history keeps it, the logs must not.
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
    });
    const cfn = this.machine.node.defaultChild;
    if (cfn instanceof CfnStateMachine) cfn.node.addDependency(role);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'Log delivery and X-Ray have no resource-level permissions: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
    });
  }
}

function usedSubstitutions(
  text: string,
  given: Readonly<Record<string, string>>,
  file: string,
): Record<string, string> {
  const used = new Set([...text.matchAll(/\$\{([A-Za-z0-9_.]+)\}/g)].map(([, name]) => name ?? ''));
  const unknown = [...used].filter((name) => !Object.hasOwn(given, name));
  if (unknown.length > 0) {
    const known = Object.keys(given).sort().join(', ');
    throw new Error(
      `${file}: nothing is given for ${unknown.map((name) => `\${${name}}`).join(', ')}. There are: ${known}.`,
    );
  }
  return Object.fromEntries([...used].map((name) => [name, given[name] ?? '']));
}
