import { certificateHashOf } from '../functions/domain/certificate.ts';
import { problemText } from '../infra/config/source-file.ts';
import type { Happened } from './check-expectations.ts';
import type { PreparedRunbook } from './prepare-rehearsal.ts';
import { type Rehearsal, RehearsalFileError, readRehearsal, rehearsalFiles } from './rehearsal-file.ts';
import type { RehearsalStage } from './rehearsal-stage.ts';
import { rehearseRunbook } from './rehearse-runbook.ts';
import { findRunbook } from './rehearsed-runbook.ts';
import { type RunbookRehearsal, type ScenarioResult, withProblems } from './runbook-rehearsal.ts';

/** How a folder is rehearsed, and who hears of it. */
export interface FolderOptions {
  readonly projectRoot: string;
  /** Whether everything that can break is played as well, and every guard that has to refuse. */
  readonly hasMatrices: boolean;
  readonly onScenario?: (runbook: string, result: ScenarioResult) => void;
  /** Told what happened in an author's rehearsal, before it is compared. */
  readonly onHappened?: (rehearsal: Rehearsal, happened: Happened) => void;
}

/** Rehearses the runbook of one folder on a stage that has it. */
export async function rehearseFolder(
  stage: RehearsalStage,
  prepared: PreparedRunbook,
  { projectRoot, hasMatrices, onScenario, onHappened }: FolderOptions,
): Promise<RunbookRehearsal> {
  const { rehearsals, problems } = readRehearsals(prepared.directory, projectRoot);
  const result = await rehearseRunbook({
    stage,
    runbook: findRunbook(stage.stack.sandbox.assembly, prepared),
    rehearsals,
    revision: certificateHashOf(prepared.artifacts),
    hasMatrices: hasMatrices && problems.length === 0,
    ...(onHappened && { onHappened }),
    onScenario: (scenario) => onScenario?.(prepared.manifest.id, scenario),
  });
  return withProblems(result, problems);
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
      problems.push(...error.problems.map(problemText));
    }
  }
  if (rehearsals.length === 0 && problems.length === 0) problems.push('It has no rehearsal: put one in rehearsals/.');
  return { rehearsals, problems };
}
