import type { Rule } from './rule.ts';
import { argumentsComeAfterDashes } from './rules/arguments-come-after-dashes.ts';
import { definitionCallsByName } from './rules/definition-calls-by-name.ts';
import { definitionIsValid } from './rules/definition-is-valid.ts';
import { definitionMatchesManifest } from './rules/definition-matches-manifest.ts';
import { documentParametersAgree } from './rules/document-parameters-agree.ts';
import { documentsAreValid } from './rules/documents-are-valid.ts';
import { documentsCallByName } from './rules/documents-call-by-name.ts';
import { failuresReachAPerson } from './rules/failures-reach-a-person.ts';
import { filesAreRead } from './rules/files-are-read.ts';
import { linksLeadSomewhere } from './rules/links-lead-somewhere.ts';
import { parametersArePatterned } from './rules/parameters-are-patterned.ts';
import { patternNamesAlertFields } from './rules/pattern-names-alert-fields.ts';
import { readmeSaysWhatPeopleNeed } from './rules/readme-says-what-people-need.ts';
import { rehearsalsAreThere } from './rules/rehearsals-are-there.ts';
import { scriptsTakeNoText } from './rules/scripts-take-no-text.ts';
import { statesAreNamedInWords } from './rules/states-are-named-in-words.ts';
import { substitutionsAreKnown } from './rules/substitutions-are-known.ts';
import { tasksHaveTimeouts } from './rules/tasks-have-timeouts.ts';

/**
 * All that a runbook's folder has to hold to, beside what every deployment checks of its manifest: its schema, and that it
 * declares what its documents change (`infra/config/load-config.ts`). Each rule looks for itself.
 */
export const allRules: readonly Rule[] = [
  filesAreRead,
  patternNamesAlertFields,
  definitionIsValid,
  substitutionsAreKnown,
  statesAreNamedInWords,
  tasksHaveTimeouts,
  failuresReachAPerson,
  definitionCallsByName,
  definitionMatchesManifest,
  documentsAreValid,
  documentParametersAgree,
  documentsCallByName,
  parametersArePatterned,
  scriptsTakeNoText,
  argumentsComeAfterDashes,
  readmeSaysWhatPeopleNeed,
  linksLeadSomewhere,
  rehearsalsAreThere,
];
