import { asText, isObject, type JsonObject } from '../../sandbox/states/json.ts';
import { asArray, type StateSite } from '../../sandbox/states/rules/site.ts';
import type { Rule } from '../rule.ts';
import type { RunbookSource } from '../runbook-source.ts';
import type { Path, Problem, SourceFile } from '../../infra/config/source-file.ts';

/** The definition runs the diagnostics that the manifest lists, and asks `remediate` for just what the manifest declares. */
export const definitionMatchesManifest: Rule = {
  name: 'definition-matches-manifest',
  check(runbook, { diagnostics }) {
    const { definition, manifest, settings, machine } = runbook;
    if (!definition || !manifest || !settings || !machine) return [];
    return [
      ...checkDiagnostics(runbook, manifest, definition, settings.diagnostics, diagnostics),
      ...checkRemediation(runbook, manifest, definition),
    ];
  },
};

function checkDiagnostics(
  runbook: RunbookSource,
  manifest: SourceFile,
  definition: SourceFile,
  listed: readonly string[],
  known: readonly string[],
): readonly Problem[] {
  const used = callsOf(runbook, 'FunctionName', 'DiagnoseFunctionArn').flatMap(({ site, given }) =>
    asArray(isObject(given['Payload']) ? given['Payload']['diagnostics'] : undefined).map((name, index) => ({
      name: isObject(name) ? name['name'] : name,
      told: isObject(name) ? name : {},
      path: [...definition.pathOf(site.path), 'Arguments', 'Payload', 'diagnostics', index],
    })),
  );
  return [
    ...listed.flatMap((name, index) => {
      const path = ['diagnostics', index];
      if (!known.includes(name))
        return [manifest.at(path, `there is no diagnostic ${name}. Use one of: ${known.join(', ')}.`)];
      if (used.some((use) => use.name === name)) return [];
      return [manifest.at(path, `the definition never runs the diagnostic ${name}; run it, or take it out here.`)];
    }),
    ...used
      .filter(({ name }) => !listed.includes(asText(name)))
      .map(({ name, path }) =>
        definition.at(path, `${JSON.stringify(name)} is not among the diagnostics of runbook.yaml; add it there.`),
      ),
    ...used.flatMap(({ name, told, path }) =>
      Object.entries(told)
        .filter(([, value]) => JSON.stringify(value).includes('{%'))
        .map(([option]) =>
          definition.at([...path, option], `${asText(name)} lets a value choose its ${option}; write it out.`),
        ),
    ),
  ];
}

function checkRemediation(runbook: RunbookSource, manifest: SourceFile, definition: SourceFile): readonly Problem[] {
  const remediation = runbook.settings?.remediation;
  const calls = callsOf(runbook, 'StateMachineArn', 'RemediateMachineArn');
  if (!remediation)
    return calls.map(({ site }) =>
      definition.atKey(
        definition.pathOf(site.path),
        `${site.name} starts remediate, but runbook.yaml has no remediation; describe the change there.`,
      ),
    );
  if (calls.length === 0)
    return [manifest.atKey(['remediation'], 'the definition never starts remediate; start it, or take this out.')];
  const wanted = Object.keys(remediation.parameters).toSorted();
  return calls.flatMap((call) => checkCall(call, wanted, definition));
}

interface Call {
  readonly site: StateSite;
  readonly given: JsonObject;
}

/** One call of `remediate`: for this runbook, with just the parameters that are wanted, and to its end. */
function checkCall({ site, given }: Call, wanted: readonly string[], definition: SourceFile): readonly Problem[] {
  const problems: Problem[] = [];
  const complain = (member: Path, message: string) =>
    problems.push(definition.at([...definition.pathOf(site.path), ...member], `${site.name} ${message}`));
  const input = isObject(given['Input']) ? given['Input'] : {};
  if (input['runbook'] !== '${RunbookId}')
    complain(['Arguments', 'Input', 'runbook'], 'must say runbook: ${RunbookId}, and no other.');
  const parameters = isObject(input['parameters']) ? Object.keys(input['parameters']).toSorted() : [];
  if (parameters.join() !== wanted.join())
    complain(
      ['Arguments', 'Input', 'parameters'],
      `gives the parameters ${list(parameters)}, but runbook.yaml declares ${list(wanted)}; give just those.`,
    );
  if (!asText(site.state['Resource']).endsWith('.sync:2'))
    complain(['Resource'], 'must wait for remediate to end; use arn:aws:states:::states:startExecution.sync:2.');
  return problems;
}

function callsOf({ states }: RunbookSource, member: string, substitution: string): readonly Call[] {
  return states.flatMap((site) => {
    const given = site.state['Arguments'];
    return isObject(given) && given[member] === `\${${substitution}}` ? [{ site, given }] : [];
  });
}

function list(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'none';
}
