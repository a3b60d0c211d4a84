import { isDeepStrictEqual } from 'node:util';
import type { RunbookManifest } from '../../infra/config/schemas.ts';
import type { ProjectFacts } from '../project-facts.ts';
import type { Rule } from '../rule.ts';
import type { AutomationSource, RunbookSource } from '../runbook-source.ts';
import type { Problem, SourceFile } from '../../infra/config/source-file.ts';

type Remediation = NonNullable<RunbookManifest['remediation']>;

/** What the manifest takes from the alert is what its documents want, with the same pattern on both sides. */
export const documentParametersAgree: Rule = {
  name: 'document-parameters-agree',
  check(runbook, project) {
    const { manifest, settings } = runbook;
    const remediation = settings?.remediation;
    if (!manifest || !remediation) return [];
    return (['document', 'undo'] as const).flatMap((role) => {
      const name = remediation[role];
      return name === undefined ? [] : checkDocument(role, name, remediation, manifest, runbook, project);
    });
  },
};

function checkDocument(
  role: 'document' | 'undo',
  name: string,
  remediation: Remediation,
  manifest: SourceFile,
  { automations }: RunbookSource,
  { awsDocuments }: ProjectFacts,
): readonly Problem[] {
  const own = automations.find((document) => document.name === name);
  if (own) return own.content ? [...checkRole(own), ...checkOwn(own, remediation, manifest)] : [];
  const known = awsDocuments.get(name);
  if (!known) return [];
  return Object.keys(remediation.parameters)
    .filter((parameter) => !known.includes(parameter))
    .map((parameter) =>
      manifest.atKey(
        ['remediation', 'parameters', parameter],
        `${name}, the ${role}, has no parameter ${parameter}. It has: ${known.join(', ')}.`,
      ),
    );
}

/** Without it the automation would act with the permissions of whoever starts it. */
function checkRole({ content, source }: AutomationSource): readonly Problem[] {
  return content?.assumeRole === '{{ AutomationAssumeRole }}'
    ? []
    : [
        source.at(
          ['assumeRole'],
          "must be '{{ AutomationAssumeRole }}': the automation acts as the runbook's own role.",
        ),
      ];
}

function checkOwn(
  { content, source }: AutomationSource,
  { parameters: given }: Remediation,
  manifest: SourceFile,
): readonly Problem[] {
  const wanted = content?.parameters ?? {};
  const surplus = Object.keys(given).filter((name) => !Object.hasOwn(wanted, name));
  const lacking = Object.keys(wanted).filter(
    (name) => name !== 'AutomationAssumeRole' && !Object.hasOwn(given, name) && wanted[name]?.default === undefined,
  );
  const different = Object.entries(given).filter(
    ([name, { pattern }]) =>
      Object.hasOwn(wanted, name) &&
      wanted[name]?.allowedPattern !== undefined &&
      !isDeepStrictEqual(wanted[name].allowedPattern, pattern),
  );
  return [
    ...surplus.map((name) =>
      manifest.atKey(
        ['remediation', 'parameters', name],
        `${source.shownAs} takes no parameter ${name}; declare it there, or take it out here.`,
      ),
    ),
    ...lacking.map((name) =>
      source.atKey(
        ['parameters', name],
        `runbook.yaml gives no ${name}; add it to remediation.parameters, or give it a default here.`,
      ),
    ),
    ...different.map(([name, { pattern }]) =>
      source.at(
        ['parameters', name, 'allowedPattern'],
        `${name} may be ${wanted[name]?.allowedPattern} here and ${pattern} in runbook.yaml; write the same pattern in both.`,
      ),
    ),
  ];
}
