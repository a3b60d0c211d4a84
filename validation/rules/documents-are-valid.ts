import { validateDocument } from '../../sandbox/ssm/validate-document.ts';
import type { Rule } from '../rule.ts';
import type { SourceFile, Problem } from '../../infra/config/source-file.ts';

/** AWS would create every document of the folder. */
export const documentsAreValid: Rule = {
  name: 'documents-are-valid',
  check: ({ automations, commands }) => [
    ...automations.flatMap(({ source }) => check(source, 'Automation')),
    ...commands.flatMap(({ source }) => check(source, 'Command')),
  ],
};

function check(source: SourceFile, type: 'Automation' | 'Command'): readonly Problem[] {
  if (source.syntaxProblems.length > 0) return source.syntaxProblems;
  return validateDocument(source.value, type).map(({ path, message }) =>
    source.at(source.pathOf(path), `${path || 'the document'}: ${message} Correct it: SSM would refuse the document.`),
  );
}
