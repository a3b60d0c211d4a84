import { readActionOf } from '../../infra/automation/aws-calls.ts';
import { type NamingMember, runbookMayName } from '../../infra/runbook-may-name.ts';
import { asText, isObject, type Json } from '../../sandbox/states/json.ts';
import type { StateSite } from '../../sandbox/states/rules/site.ts';
import type { Rule } from '../rule.ts';
import type { RunbookSource } from '../runbook-source.ts';

/**
 * A definition only reads, tells and starts `remediate`, and says in its own text what it calls: nothing of an event may
 * choose a function, a machine, a document or a topic.
 */
export const definitionCallsByName: Rule = {
  name: 'definition-calls-by-name',
  check(runbook) {
    const { definition, states } = runbook;
    if (!definition) return [];
    return states
      .filter(({ type }) => type === 'Task')
      .flatMap((site) =>
        complaintsOf(site, runbook).map(([member, message]) =>
          definition.at([...definition.pathOf(site.path), ...member], `${site.name} ${message}`),
        ),
      );
  },
};

type Complaint = readonly [member: readonly string[], message: string];

function complaintsOf(site: StateSite, runbook: RunbookSource): readonly Complaint[] {
  const { state } = site;
  const resource = asText(state['Resource']);
  if (resource.includes('{%') || resource.includes('${'))
    return [[['Resource'], 'lets a value choose its Resource; write the ARN of the integration.']];
  const given = isObject(state['Arguments']) ? state['Arguments'] : {};
  const call = /^arn:aws:states:::(.+?)(\.sync(:2)?|\.waitForTaskToken)?$/.exec(resource)?.[1] ?? resource;
  switch (call) {
    case 'lambda:invoke':
      return [...fixed('FunctionName', given), ...commandOf(given, runbook)];
    case 'states:startExecution':
      return fixed('StateMachineArn', given);
    case 'sns:publish':
      return fixed('TopicArn', given);
    default:
      return readActionOf(call)
        ? []
        : [
            [
              ['Resource'],
              `calls ${resource}. A runbook reads what is neither data nor a secret (describe…, get…, list…), calls diagnose, run-command and call-person, and starts remediate; put whatever changes something into a document and name it under remediation.`,
            ],
          ];
  }
}

function fixed(member: NamingMember, given: Readonly<Record<string, Json>>): readonly Complaint[] {
  const value = given[member];
  const names: readonly string[] = runbookMayName[member];
  if (names.some((name) => value === `\${${name}}`)) return [];
  const wanted = names.map((name) => `\${${name}}`).join(' or ');
  const what = value === undefined ? `has no ${member} in its Arguments` : `has the ${member} ${JSON.stringify(value)}`;
  const message = `${what}; a runbook names ${wanted} and lets no value choose it.`;
  return [[['Arguments', member], message]];
}

/** The document of a command that looks stands in the definition, belongs to the folder and is declared. */
function commandOf(given: Readonly<Record<string, Json>>, { id, settings }: RunbookSource): readonly Complaint[] {
  if (given['FunctionName'] !== '${RunCommandFunctionArn}' || !settings) return [];
  const document = isObject(given['Payload']) ? given['Payload']['document'] : undefined;
  const declared = settings.commands.map((name) => `handsoff-${id}-${name}-command`);
  if (typeof document === 'string' && declared.includes(document)) return [];
  const choice = declared.length > 0 ? declared.join(' or ') : 'a file that runbook.yaml lists under commands';
  return [[['Arguments', 'Payload', 'document'], `runs the document ${JSON.stringify(document)}; write ${choice}.`]];
}
