import type { Grant, IamAuthority } from '../sandbox/iam/iam-authority.ts';
import type { RehearsedRunbook } from './rehearsed-runbook.ts';

/**
 * Step Functions wants it of whoever waits for a child execution, and uses it when somebody stops the parent.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
const forStopping = 'states:StopExecution';

/**
 * What a runbook's roles may do and no scenario needed, each as a sentence: either a rehearsal is missing, or the grant is
 * one too many, as where another allows the same. A runbook that only observes is not asked for what its automation would
 * need.
 */
export function needlessGrants(
  authority: IamAuthority,
  { manifest, machineRole, automationRole }: Pick<RehearsedRunbook, 'manifest' | 'machineRole' | 'automationRole'>,
): string[] {
  const needed = authority.neededGrants();
  const unused = (role: string) => authority.identityGrants(role).filter(({ id }) => !needed.has(id));
  const ofAutomation = automationRole && manifest.mode !== 'observe' ? unused(automationRole) : [];
  return [
    ...unused(machineRole)
      .filter(({ action }) => action !== forStopping)
      .map((grant) => `${spell(grant)} is granted to the state machine, and no scenario needs it; rehearse its state.`),
    ...ofAutomation.map(
      (grant) =>
        `${spell(grant)} is granted to the automation, and no scenario needs it; rehearse what needs it, or take it out of mutations.`,
    ),
  ];
}

function spell({ action, resource }: Grant): string {
  return `${action} on ${resource}`;
}
