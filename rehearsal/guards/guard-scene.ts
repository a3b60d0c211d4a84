import type { RefusalReason } from '../../functions/domain/guard.ts';
import type { RehearsedRunbook } from '../rehearsed-runbook.ts';
import type { AskedRepair, Breaks } from '../scene.ts';

/** An item of the incident table as JSON. */
export type TableItem = Readonly<Record<string, unknown>>;

/** What `remediate` is asked to do. */
export interface RepairRequest {
  readonly incident_id: string;
  readonly runbook: string;
  readonly target: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a guard scenario may build on. */
export interface GuardFacts {
  readonly runbook: RehearsedRunbook;
  readonly request: RepairRequest;
  /** Groups of which the runbook's repairs take a share. */
  readonly groups: readonly string[];
  /** The deployed catalog's entry, JSON text. */
  readonly catalog: string;
  /** What the certificate of what is deployed is called by. */
  readonly revision: string;
  readonly now: Date;
}

/**
 * How the guard has to answer: a refusal by its reason, `propose` where it may only say what it would do, and `busy`
 * where it waits for others to come to their end.
 */
export type GuardAnswer = RefusalReason | 'propose' | 'busy';

/** One reason for the guard to say no, and how it comes about. */
export interface GuardScenario {
  readonly name: string;
  /** The guard of functions/domain/guard.ts that says it, or `claim` for what is taken after them all. */
  readonly guard: string;
  readonly answer: GuardAnswer;
  /** @default - every runbook that repairs something */
  readonly fits?: (runbook: RehearsedRunbook) => boolean;
  /** Items that others have written. */
  readonly items?: (facts: GuardFacts) => readonly TableItem[];
  /** Changes the incident. */
  readonly incident?: TableItem;
  /** Values of parameters by name. */
  readonly parameters?: (facts: GuardFacts) => Readonly<Record<string, string>>;
  /** What the runbook asks instead. */
  readonly request?: (request: RepairRequest) => RepairRequest;
  readonly breaks?: Breaks;
  /** What the world answers before its own answers. */
  readonly answers?: readonly object[];
  /** Hours after the usual time of a play. @default 0 */
  readonly offsetHours?: number;
  /**
   * True where all that follows from the answer is played as well: once for each way to say no. @default false - the deployed
   * guard alone is asked
   */
  readonly inFull?: true;
  /** True where the incident is over, and nobody need hear that nothing was done. */
  readonly isQuiet?: true;
}

/** A guard scenario as it is played, from where the runbook asks for its repair. */
export interface GuardScene {
  readonly scenario: GuardScenario;
  readonly asked: AskedRepair;
  readonly facts: Omit<GuardFacts, 'now' | 'catalog'>;
}
