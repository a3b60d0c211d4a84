import type { AlertParameters } from './alert-parameters.ts';
import type { Mode } from './incident.ts';
import { type GroupShare, isGroupShare } from './repair-group.ts';

/** What the deployed catalog says a runbook may do: the JSON of its parameter `/handsoff/runbooks/<id>`. */
export interface CatalogEntry {
  readonly id: string;
  readonly title: string;
  readonly mode: Mode;
  /** Full name of the SSM Automation document that repairs. */
  readonly document: string;
  /** Full name of the document that takes the repair back, or null where nothing can or need be taken back. */
  readonly undo: string | null;
  /** Whether it is run also after a repair that came to its end and did not help, or only after one that did not. */
  readonly undo_when?: 'always' | 'unfinished';
  /** What is so after the undo succeeded, for people. */
  readonly undone?: string | null;
  readonly automation_role_arn: string;
  /** Every parameter that the document takes, and where in the alert its value stands. */
  readonly parameters: AlertParameters;
  readonly timeout_seconds: number;
  /** How many repairs of this runbook may begin within any 60 minutes. */
  readonly budget_per_hour: number;
  /** How many repairs of one target may begin within any 24 hours, by whatever runbook. */
  readonly target_limit: number;
  /** After so many repairs in a row without recovery the runbook changes nothing more. */
  readonly breaker: number;
  /** How much of the target's group may be in repair at once; null where it belongs to no group. */
  readonly share: GroupShare | null;
  /** What is so once it has run, for people, where it contains the trouble and cures nothing; else null. */
  readonly contains: string | null;
  /** How recovery is proven; null where there is none to expect. */
  readonly verify: { readonly timeout_seconds: number; readonly hold_seconds: number } | null;
  readonly approval: { readonly approvers: readonly string[]; readonly expires_seconds: number } | null;
}

/** Reads a catalog parameter; undefined when it is not what the catalog writes, and then nothing may be changed. */
export function parseCatalogEntry(text: string): CatalogEntry | undefined {
  const value: unknown = parseJson(text);
  return isCatalogEntry(value) ? value : undefined;
}

function isCatalogEntry(value: unknown): value is CatalogEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<keyof CatalogEntry, unknown>>;
  const strings = [entry.id, entry.title, entry.mode, entry.document, entry.automation_role_arn];
  const numbers = [entry.timeout_seconds, entry.budget_per_hour, entry.target_limit, entry.breaker];
  return (
    strings.every((field) => typeof field === 'string') &&
    numbers.every((field) => typeof field === 'number') &&
    isAlertParameters(entry.parameters) &&
    (entry.share === null || isGroupShare(entry.share)) &&
    isProof(entry)
  );
}

/** Either it is proven to have recovered, or it says what it contains: never neither. */
function isProof({ verify, contains }: Partial<Record<keyof CatalogEntry, unknown>>): boolean {
  if (typeof contains === 'string') return verify === null;
  return contains === null && typeof verify === 'object' && verify !== null;
}

function isAlertParameters(value: unknown): value is AlertParameters {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((parameter: unknown) => {
    const { from, pattern } = (parameter ?? {}) as Partial<Record<string, unknown>>;
    return typeof from === 'string' && typeof pattern === 'string';
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
