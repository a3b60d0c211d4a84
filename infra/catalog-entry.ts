import type { DeployedConfig } from '../functions/domain/deployed-config.ts';
import type { CatalogEntry } from '../functions/domain/runbook-catalog.ts';
import type { RunbookManifest } from './config/schemas.ts';

/** What the guard lets a runbook do, from its manifest; undefined for one that repairs nothing. */
export function catalogEntryOf(
  manifest: RunbookManifest,
  groups: DeployedConfig['groups'],
  roleArn: string,
): CatalogEntry | undefined {
  const { remediation, verify, guards, approval } = manifest;
  if (!remediation || !guards) return undefined;
  const approvers = groups[approval?.approvers ?? ''] ?? [];
  return {
    id: manifest.id,
    title: manifest.title,
    mode: manifest.mode,
    document: fullName(manifest.id, remediation.document),
    undo: remediation.undo ? fullName(manifest.id, remediation.undo) : null,
    undo_when: remediation.undo_when,
    undone: remediation.undone ?? null,
    automation_role_arn: roleArn,
    parameters: remediation.parameters,
    timeout_seconds: remediation.timeout,
    budget_per_hour: guards.budget_per_hour,
    target_limit: guards.target_limit,
    breaker: guards.breaker,
    share: guards.share ?? null,
    contains: remediation.contains ?? null,
    verify: verify ? { timeout_seconds: verify.timeout, hold_seconds: verify.hold } : null,
    approval: approval
      ? { approvers: approvers.map((person) => person.slack), expires_seconds: approval.expires }
      : null,
  };
}

/** `handsoff-<runbook>-<file>`, and `-command` behind it for a command. */
export function documentName(runbookId: string, name: string, kind: string): string {
  return `handsoff-${runbookId}-${name}${kind === 'command' ? '-command' : ''}`;
}

function fullName(runbookId: string, document: string): string {
  return document.startsWith('AWS-') ? document : documentName(runbookId, document, 'automation');
}
