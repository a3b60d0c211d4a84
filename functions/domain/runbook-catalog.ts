import type { Mode } from './incident.ts';

/** What the deployed catalog says a runbook may do: the JSON of its parameter `/handsoff/runbooks/<id>`. */
export interface CatalogEntry {
  readonly id: string;
  readonly title: string;
  readonly mode: Mode;
  /** Full name of the SSM Automation document that repairs. */
  readonly document: string;
  /** Full name of the document that takes the repair back, or null where nothing can or need be taken back. */
  readonly undo: string | null;
  readonly automation_role_arn: string;
  /** Every parameter the document takes from the alert, with the anchored pattern that its value must match. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeout_seconds: number;
  readonly budget_per_hour: number;
  readonly verify: { readonly timeout_seconds: number; readonly hold_seconds: number };
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
  const numbers = [entry.timeout_seconds, entry.budget_per_hour];
  return (
    strings.every((field) => typeof field === 'string') &&
    numbers.every((field) => typeof field === 'number') &&
    typeof entry.parameters === 'object' &&
    entry.parameters !== null &&
    typeof entry.verify === 'object' &&
    entry.verify !== null
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
