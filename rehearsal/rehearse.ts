import { loadConfig, type RunbookFolder } from '../infra/config/load-config.ts';
import type { Happened } from './check-expectations.ts';
import { type Rehearsal, RehearsalFileError, readRehearsal, rehearsalFiles } from './rehearsal-file.ts';
import { RehearsalStage } from './rehearsal-stage.ts';
import { rehearseRunbook } from './rehearse-runbook.ts';
import { findRunbook } from './rehearsed-runbook.ts';
import type { RunbookRehearsal, ScenarioResult } from './runbook-rehearsal.ts';

/** What is rehearsed, and who hears of it. */
export interface RehearseOptions {
  readonly projectRoot: string;
  /** The directory that the stack was synthesised into. */
  readonly assembly: string;
  readonly runbooks: readonly RunbookFolder[];
  /** Whether everything that can break is played as well, and every guard that has to refuse. */
  readonly hasMatrices: boolean;
  readonly onScenario?: (runbook: string, result: ScenarioResult) => void;
  readonly onRunbook?: (result: RunbookRehearsal) => void;
  readonly onHappened?: (rehearsal: Rehearsal, happened: Happened) => void;
}

/** Raised for a runbook that nobody knows. */
export class UnknownRunbookError extends Error {
  override readonly name = 'UnknownRunbookError' as const;
}

/** The folders of the runbooks with these ids, or of all where there are none. Throws an `UnknownRunbookError`. */
export function chooseRunbooks(projectRoot: string, ids: readonly string[]): RunbookFolder[] {
  const { runbooks } = loadConfig(projectRoot);
  const known = runbooks.map(({ manifest }) => manifest.id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new UnknownRunbookError(`There is no runbook ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return runbooks.filter(({ manifest }) => ids.length === 0 || ids.includes(manifest.id));
}

/** Rehearses runbooks one after another on one stack. */
export async function rehearse(options: RehearseOptions): Promise<RunbookRehearsal[]> {
  const stage = await RehearsalStage.open(options.assembly);
  try {
    const results: RunbookRehearsal[] = [];
    for (const folder of options.runbooks) {
      const result = await rehearseFolder(stage, folder, options);
      options.onRunbook?.(result);
      results.push(result);
    }
    return results;
  } finally {
    await stage.close();
  }
}

async function rehearseFolder(
  stage: RehearsalStage,
  folder: RunbookFolder,
  { projectRoot, hasMatrices, onScenario, onHappened }: RehearseOptions,
): Promise<RunbookRehearsal> {
  const { id } = folder.manifest;
  const { rehearsals, problems } = readRehearsals(folder.directory, projectRoot);
  const result = await rehearseRunbook({
    stage,
    runbook: findRunbook(stage.stack.sandbox.assembly, folder),
    rehearsals,
    hasMatrices,
    ...(onHappened && { onHappened }),
    onScenario: (scenario) => onScenario?.(id, scenario),
  });
  return problems.length === 0 ? result : { ...result, passed: false, problems: [...problems, ...result.problems] };
}

/** Reads every rehearsal of a runbook's folder, and what is wrong with those that cannot be read. */
function readRehearsals(directory: string, projectRoot: string) {
  const rehearsals: Rehearsal[] = [];
  const problems: string[] = [];
  for (const file of rehearsalFiles(directory)) {
    try {
      rehearsals.push(readRehearsal(file, file.replace(projectRoot, '').replace(/^\//, '')));
    } catch (error) {
      if (!(error instanceof RehearsalFileError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (rehearsals.length === 0 && problems.length === 0) problems.push('It has no rehearsal: put one in rehearsals/.');
  return { rehearsals, problems };
}
