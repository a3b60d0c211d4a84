import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { readActionOf, readResourceOf } from './automation/aws-calls.ts';
import { type ArnPlace, mutationArn } from './automation/mutation-resource.ts';
import { type ProblemAt, problemText } from './config/source-file.ts';
import { type DefinitionTask, readTasks } from './read-tasks.ts';
import type { NamingMember } from './runbook-may-name.ts';

/** What a state machine's tasks name, and how that is an ARN here. */
export interface GrantPlace {
  /** ARN by the substitution that the definition uses, such as `TriageAlertFunctionArn`. */
  readonly arnOf: (substitution: string, file: string) => string;
  /** Machines that a computed ARN may stand for, by the substitution of its prefix. */
  readonly machinesOf: (prefixSubstitution: string) => readonly string[];
  /** ARN of the executions of a machine. */
  readonly executionsOf: (machineArn: string) => string;
  /** ARN of the rule that Step Functions manages to hear of the end of child executions. */
  readonly managedRuleArn: string;
  /** ARN of a queue by its URL's substitution. */
  readonly queueArnOf: (substitution: string) => string;
  /** Where the resources are that a definition looks at. */
  readonly where: ArnPlace;
  /** The only substitutions that may be named, by the member that does. @default - any; for machines of ours */
  readonly only?: Readonly<Record<NamingMember, readonly string[]>>;
}

/** What one task of a definition may do, and where it stands. */
export interface TaskGrant {
  readonly state: string;
  /** A problem of the state's name. */
  readonly at: ProblemAt;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The grants that a definition needs, one statement a kind, from its tasks alone. */
export function deriveGrants(file: string, place: GrantPlace): PolicyStatement[] {
  const merged = new Map<string, { actions: Set<string>; resources: Set<string> }>();
  for (const { actions, resources } of taskGrants(file, place)) {
    const key = resources.join();
    const entry = merged.get(key) ?? { actions: new Set(), resources: new Set(resources) };
    for (const action of actions) entry.actions.add(action);
    merged.set(key, entry);
  }
  return [...merged.values()].map(
    ({ actions, resources }) => new PolicyStatement({ actions: [...actions], resources: [...resources] }),
  );
}

/** What each task of a definition needs, in the order of the file. `shownAs` is what errors call the file. */
export function taskGrants(file: string, place: GrantPlace, shownAs = file): TaskGrant[] {
  return readTasks(file, shownAs).flatMap((task) =>
    grantsOf(task, place, shownAs).map(([actions, resources]) => ({
      state: task.state,
      at: task.at,
      actions,
      resources,
    })),
  );
}

type Grant = readonly [actions: readonly string[], resources: readonly string[]];

function grantsOf(task: DefinitionTask, place: GrantPlace, file: string): Grant[] {
  const { resource } = task;
  const [, , , , , service] = resource.split(':');
  const named = (member: NamingMember) => nameOf(task, member, place);
  if (service === 'lambda') return [[['lambda:InvokeFunction'], [place.arnOf(named('FunctionName'), file)]]];
  if (service === 'sns') return [[['sns:Publish'], [place.arnOf(named('TopicArn'), file)]]];
  if (service === 'sqs') return [[['sqs:SendMessage'], [place.queueArnOf(named('QueueUrl'))]]];
  if (service === 'states') {
    const substitution = named('StateMachineArn');
    const machines = substitution.endsWith('Prefix')
      ? place.machinesOf(substitution)
      : [place.arnOf(substitution, file)];
    const start: Grant = [['states:StartExecution'], machines];
    if (!resource.includes('.sync')) return [start];
    return [
      start,
      [['states:DescribeExecution', 'states:StopExecution'], machines.map(place.executionsOf)],
      [['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], [place.managedRuleArn]],
    ];
  }
  const action = readActionOf(resource.replace(/^arn:aws:states:::|\..*$/g, ''));
  if (action) return [[[action], [mutationArn('', readResourceOf(action), place.where)]]];
  throw new Error(
    `${file}: ${resource} may not be called here. A definition reads what is neither data nor a secret, and starts remediate; whatever changes something goes through remediate.`,
  );
}

/** The substitution that a task names there. Throws for one that the definition may not call. */
function nameOf({ state, at, arguments: given }: DefinitionTask, member: NamingMember, { only }: GrantPlace): string {
  const name = /\$\{(\w+)\}/.exec(String(given[member]))?.[1] ?? '';
  if (!only || only[member].includes(name)) return name;
  const choice = only[member].map((allowed) => `\${${allowed}}`).join(' or ') || 'nothing';
  throw new Error(
    problemText(
      at(
        `${state} has the ${member} ${String(given[member])}, and a runbook may name only ${choice} there. Put whatever changes something into a document, name it under remediation, and start \${RemediateMachineArn}.`,
      ),
    ),
  );
}
