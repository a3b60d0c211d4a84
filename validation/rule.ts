import type { ProjectFacts } from './project-facts.ts';
import type { RunbookSource } from './runbook-source.ts';
import type { Problem } from '../infra/config/source-file.ts';

/** One thing that every runbook's folder has to hold to. */
export interface Rule {
  /** What it promises, as a name in kebab case. */
  readonly name: string;
  /** Every problem that the folder has with it; empty where the rule has nothing to look at. */
  readonly check: (runbook: RunbookSource, project: ProjectFacts) => readonly Problem[] | Promise<readonly Problem[]>;
}
