import { join, relative } from 'node:path';
import { type AutomationStatement, automationPolicy } from '../../infra/automation/automation-policy.ts';
import {
  allowedOfIam,
  allowedOfOwn,
  type Denial,
  denials,
  whyNotIam,
  whyNotOwn,
} from '../../infra/automation/denials.ts';
import { documentName } from '../../infra/catalog-entry.ts';
import type { RunbookFolder } from '../../infra/config/load-config.ts';
import { problemText } from '../../infra/config/source-file.ts';
import { taskGrants } from '../../infra/derive-grants.ts';
import { grantPlace } from '../../infra/grant-place.ts';
import { substitutionsOf } from '../../infra/names.ts';
import { runbookMayName } from '../../infra/runbook-may-name.ts';

/** One statement of a role's policy, and why each of its actions is there. */
export interface ExplainedStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: NonNullable<AutomationStatement['condition']>;
  /** Why the resource is not narrower. */
  readonly wildcard?: string;
  /** Reasons by action, each as `file:line:column: why`. */
  readonly because: Readonly<Record<string, readonly string[]>>;
}

/** All that a runbook may do, in both of its roles and by the function that sends commands, and what its automation may never do. */
export interface RunbookPolicies {
  readonly runbook: string;
  /** Absent for a runbook that repairs nothing. */
  readonly automation?: readonly ExplainedStatement[];
  readonly machine: readonly ExplainedStatement[];
  /** What the function that looks by a command may do for it; empty for a runbook that lists no commands. */
  readonly looking: readonly ExplainedStatement[];
  readonly boundary: readonly {
    readonly denies: readonly string[];
    readonly because: string;
    readonly when?: NonNullable<Denial['when']>;
  }[];
}

/** Account and Region are those of the deployment, which nobody knows before it. */
const where = { partition: 'aws', region: '{region}', account: '{account}' };
const own = (service: string, resource: string) => `arn:aws:${service}:${where.region}:${where.account}:${resource}`;

/** The policies of a runbook as they would be deployed; `functions` and `runbookIds` are all there are. */
export function policiesOfRunbook(
  folder: RunbookFolder,
  functions: readonly string[],
  runbookIds: readonly string[],
  projectRoot: string,
): RunbookPolicies {
  const { id, remediation } = folder.manifest;
  return {
    runbook: id,
    ...(remediation && { automation: automationStatements(folder) }),
    machine: machineStatements(folder, functions, runbookIds, projectRoot),
    looking: lookingStatements(folder),
    boundary: [
      ...denials.map(({ actions, because, when }) => ({ denies: actions, because, ...(when && { when }) })),
      { denies: [`iam:* but ${allowedOfIam.join(', ')}`], because: whyNotIam },
      {
        denies: [
          'everything on what is called handsoff',
          ...Object.entries(allowedOfOwn).map(([action, resources]) => `but ${action} on ${resources.join(' and ')}`),
        ],
        because: whyNotOwn,
      },
    ],
  };
}

function automationStatements(folder: RunbookFolder): ExplainedStatement[] {
  return automationPolicy(folder, where).map(({ resource, ...statement }) => ({ ...statement, resources: [resource] }));
}

/** What `run-command` has in `infra/function-grants.ts` for the commands of a runbook. */
function lookingStatements({ manifest: { id, commands }, at }: RunbookFolder): ExplainedStatement[] {
  return commands.map((name, index) => ({
    actions: ['ssm:SendCommand'],
    resources: [own('ssm', `document/${documentName(id, name, 'command')}`), own('ec2', 'instance/*')],
    wildcard: 'Which instance is unwell is known only from the alarm; the document only looks.',
    because: { 'ssm:SendCommand': [problemText(at(['commands', index], 'listed under commands'))] },
  }));
}

function machineStatements(
  { directory }: RunbookFolder,
  functions: readonly string[],
  runbookIds: readonly string[],
  projectRoot: string,
): ExplainedStatement[] {
  const file = join(directory, 'definition.asl.json');
  const substitutions = substitutionsOf(functions, own, {
    highUrgencyTopicArn: own('sns', 'the topic of high urgency'),
    quarantineQueueUrl: 'the quarantine queue',
  });
  const place = grantPlace({
    substitutions,
    runbookIds,
    quarantineQueueArn: own('sqs', 'the quarantine queue'),
    own,
    where,
  });
  const statements = new Map<string, ExplainedStatement>();
  const tasks = taskGrants(file, { ...place, only: runbookMayName }, relative(projectRoot, file));
  for (const { state, at, actions, resources } of tasks) {
    const key = `${actions.join()} ${resources.join()}`;
    const reasons = actions.map((action) => [
      action,
      [...(statements.get(key)?.because[action] ?? []), problemText(at(`the state ${state}`))],
    ]);
    statements.set(key, { actions, resources, because: Object.fromEntries(reasons) });
  }
  return [...statements.values()];
}
