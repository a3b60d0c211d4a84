import { parametersFromAlert } from './alert-parameters.ts';
import { type RemediationRequest, requestHashOf } from './guard.ts';
import type { Incident } from './incident.ts';
import type { CatalogEntry } from './runbook-catalog.ts';

/** Exactly what the guard permits: the later steps of `remediate` take this and nothing else. */
export interface PermittedRemediation {
  readonly runbook: string;
  readonly target: string;
  readonly document: string;
  readonly undo: string | null;
  readonly undo_when: 'always' | 'unfinished';
  /** What is so after the undo succeeded, as a sentence for people. */
  readonly undone: string;
  /** In the form that StartAutomationExecution takes, with the role that the automation assumes. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly timeout_seconds: number;
  /** After so many repairs in a row without recovery the runbook changes nothing more. */
  readonly breaker: number;
  /** What is so once it has run, for people, where it contains the trouble and cures nothing; else null. */
  readonly contains: string | null;
  /** How recovery is proven; null where there is none to expect. */
  readonly verify: { readonly timeout_seconds: number; readonly hold_seconds: number } | null;
  readonly approval: { readonly id: string; readonly approvers: readonly string[]; readonly expires_seconds: number };
  /** One sentence for people: what is (or would be) done to what. */
  readonly text: string;
}

/**
 * What a runbook may do about an incident, from its own alert alone; undefined where the alert does not say it.
 * `revision` is what is deployed of the runbook.
 */
export function permittedRemediation(
  incident: Incident,
  runbook: CatalogEntry,
  revision: string,
): PermittedRemediation | undefined {
  const request = requestFromAlert(incident, runbook);
  if (!request) return undefined;
  const given = Object.entries(request.parameters).map(([name, value]) => [name, [value]] as const);
  const shown = Object.entries(request.parameters).map(([name, value]) => `${name}=${value}`);
  return {
    runbook: runbook.id,
    target: request.target,
    document: runbook.document,
    undo: runbook.undo,
    undo_when: runbook.undo_when ?? 'always',
    undone: runbook.undone ?? 'What it had changed was taken back.',
    parameters: { ...Object.fromEntries(given), AutomationAssumeRole: [runbook.automation_role_arn] },
    timeout_seconds: runbook.timeout_seconds,
    breaker: runbook.breaker,
    contains: runbook.contains,
    verify: runbook.verify,
    approval: {
      id: requestHashOf(request, runbook, revision),
      approvers: runbook.approval?.approvers ?? [],
      // A runbook without an approval never asks; one second keeps a wrong wiring from waiting.
      expires_seconds: runbook.approval?.expires_seconds ?? 1,
    },
    text: `${runbook.document} with ${shown.join(', ')}.`,
  };
}

/** Seconds beyond the worst case of the steps: throttled starts, retried functions, and the checks that SSM is asked. */
const leaseSlackSeconds = 1800;

/** How long a repair keeps others from its target: repair, undo and proof at their longest, and 30 minutes. */
export function leaseSecondsOf({ timeout_seconds, verify }: CatalogEntry): number {
  const proofSeconds = verify ? verify.timeout_seconds + verify.hold_seconds : 0;
  return 2 * timeout_seconds + proofSeconds + leaseSlackSeconds;
}

function requestFromAlert({ id, alert }: Incident, runbook: CatalogEntry): RemediationRequest | undefined {
  const values = Object.entries(parametersFromAlert(alert, runbook.parameters));
  const parameters = values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const target = alert.resource.arn;
  if (target === undefined || parameters.length < values.length) return undefined;
  return { incident_id: id, runbook: runbook.id, target, parameters: Object.fromEntries(parameters) };
}
