import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseIds } from '../infra/config/find-runbooks.ts';
import { ConfigError, loadConfig } from '../infra/config/load-config.ts';
import { allRules } from './all-rules.ts';
import { checkLinks } from './links.ts';
import { type ProjectFacts, readProjectFacts } from './project-facts.ts';
import { listRunbooks, readRunbookSource, type RunbookSource, runbooksFolder } from './runbook-source.ts';
import { type Problem, problemText } from '../infra/config/source-file.ts';
import { takenAlerts } from './taken-alerts.ts';

/** What came of looking at runbooks. */
export interface Validation {
  /** Those that were looked at. */
  readonly runbooks: readonly string[];
  /** By file, line and column. */
  readonly problems: readonly Problem[];
  readonly advice: readonly Problem[];
}

/**
 * Looks at the named runbooks completely, or at all of them, the rest of the configuration and the links of the docs. Throws an
 * `UnknownRunbookError`.
 */
export async function validateRunbooks(
  projectRoot: string,
  ids: readonly string[] = [],
  facts: ProjectFacts = readProjectFacts(projectRoot),
): Promise<Validation> {
  const known = listRunbooks(projectRoot);
  const runbooks = chooseIds(known, ids);
  const isMeant = (problem: Problem) => ids.length === 0 || runbooks.some((id) => isOfRunbook(id, problem));
  const sources = known.map((id) => readRunbookSource(projectRoot, id));
  const found = [
    ...configProblems(projectRoot, sources).filter(isMeant),
    ...(ids.length === 0 ? brokenLinks(projectRoot) : []),
  ];
  for (const source of sources.filter(({ id }) => runbooks.includes(id)))
    for (const { check } of allRules) found.push(...(await check(source, facts)));
  // What keeps a definition from being read is found by the deployment's check and by a rule alike.
  const once = [...new Map(found.map((problem) => [problemText(problem), problem])).values()];
  const sorted = once.toSorted(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
  return {
    runbooks,
    problems: sorted.filter(({ severity }) => severity === 'problem'),
    advice: sorted.filter(({ severity }) => severity === 'advice'),
  };
}

/** Whether something is wrong in a runbook's own folder. */
export function isOfRunbook(id: string, { file }: Problem): boolean {
  return file.startsWith(`${runbooksFolder}/${id}/`);
}

/** Manifests are checked as the deployment checks them: by the same code, together with the rest of the configuration. */
function configProblems(projectRoot: string, sources: readonly RunbookSource[]): readonly Problem[] {
  try {
    return takenAlerts(loadConfig(projectRoot), sources);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

/** Of the README and every page below `docs/`. */
function brokenLinks(projectRoot: string): readonly Problem[] {
  const pages = readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return ['README.md', ...pages].flatMap((page) =>
    checkLinks(projectRoot, page, readFileSync(join(projectRoot, page), 'utf8')),
  );
}
