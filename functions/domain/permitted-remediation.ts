import { type RemediationRequest, requestHashOf } from './guard.ts';
import type { CatalogEntry } from './runbook-catalog.ts';

/** Exactly what the guard permits: the later steps of `remediate` take this and nothing else. */
export interface PermittedRemediation {
  readonly runbook: string;
  readonly target: string;
  readonly document: string;
  readonly undo: string | null;
  /** In the form that StartAutomationExecution takes, with the role that the automation assumes. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly timeout_seconds: number;
  readonly verify: { readonly timeout_seconds: number; readonly hold_seconds: number };
  readonly approval: { readonly id: string; readonly approvers: readonly string[]; readonly expires_seconds: number };
  /** One sentence for people: what is (or would be) done to what. */
  readonly text: string;
}

/** What a checked request may do, by its catalog entry. */
export function permittedRemediation(request: RemediationRequest, runbook: CatalogEntry): PermittedRemediation {
  const given = Object.entries(request.parameters).map(([name, value]) => [name, [value]] as const);
  const shown = Object.entries(request.parameters).map(([name, value]) => `${name}=${value}`);
  return {
    runbook: runbook.id,
    target: request.target,
    document: runbook.document,
    undo: runbook.undo,
    parameters: { ...Object.fromEntries(given), AutomationAssumeRole: [runbook.automation_role_arn] },
    timeout_seconds: runbook.timeout_seconds,
    verify: runbook.verify,
    approval: {
      id: requestHashOf(request),
      approvers: runbook.approval?.approvers ?? [],
      // A runbook without an approval never asks; one second keeps a wrong wiring from waiting.
      expires_seconds: runbook.approval?.expires_seconds ?? 1,
    },
    text: `${runbook.document} with ${shown.join(', ')}.`,
  };
}
