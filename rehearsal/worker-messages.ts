import type { Happened } from './check-expectations.ts';
import type { PreparedRehearsal, PreparedRunbook } from './prepare-rehearsal.ts';
import type { Expectation } from './rehearsal-schema.ts';
import type { RunbookRehearsal, ScenarioResult } from './runbook-rehearsal.ts';

/** What a worker process is told. */
export type ToWorker =
  /** Where the functions are that will run: it takes a while to link them. */
  | { readonly kind: 'link'; readonly directories: readonly string[] }
  | { readonly kind: 'open'; readonly prepared: PreparedRehearsal; readonly hasMatrices: boolean }
  | { readonly kind: 'rehearse'; readonly runbook: PreparedRunbook }
  | { readonly kind: 'close' };

/** What happened in an author's rehearsal, for the file that it stands in. */
export interface HappenedInFile {
  readonly file: string;
  readonly happened: Happened;
  readonly expected: Expectation | undefined;
}

/** What a worker process tells. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'scenario'; readonly runbook: string; readonly result: ScenarioResult }
  | ({ readonly kind: 'happened' } & HappenedInFile)
  | { readonly kind: 'runbook'; readonly result: RunbookRehearsal }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };
