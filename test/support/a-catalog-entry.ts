import type { CatalogEntry } from '../../functions/domain/runbook-catalog.ts';

/** What the catalog lets a runbook do that restarts an instance at once, with what the test wishes otherwise. */
export function aCatalogEntry(wishes: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    id: 'restart',
    title: 'Restart',
    mode: 'act',
    document: 'AWS-RestartEC2Instance',
    undo: null,
    undo_when: 'always',
    undone: null,
    automation_role_arn: 'arn:aws:iam::123456789012:role/automation',
    parameters: { InstanceId: { from: 'resource.id', pattern: '^i-[0-9a-f]{8,17}$' } },
    timeout_seconds: 900,
    budget_per_hour: 3,
    target_limit: 3,
    breaker: 3,
    share: null,
    contains: null,
    verify: { timeout_seconds: 600, hold_seconds: 120 },
    approval: null,
    ...wishes,
  };
}
