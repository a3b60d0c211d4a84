import type { IncidentStore } from '../adapters/incident-store.ts';
import type { ParameterReader } from '../adapters/parameter-reader.ts';
import type { RemediationStore } from '../adapters/remediation-store.ts';
import type { StormWatch } from '../adapters/storm-watch.ts';
import { type GuardContext, guardRemediation, type RemediationRequest, requestHashOf } from '../domain/guard.ts';
import type { Incident } from '../domain/incident.ts';
import { type PermittedRemediation, permittedRemediation } from '../domain/permitted-remediation.ts';
import { type CatalogEntry, parseCatalogEntry } from '../domain/runbook-catalog.ts';

/** What `remediate` goes on with: where to, why, and what exactly is permitted. */
export interface GuardAnswer {
  readonly decision: 'run' | 'ask' | 'propose' | 'refuse';
  readonly reason: string;
  readonly text: string;
  readonly remediation: PermittedRemediation | null;
}

export interface GuardStores {
  readonly incidents: IncidentStore;
  readonly remediations: RemediationStore;
  readonly parameters: ParameterReader;
  readonly storms: Pick<StormWatch, 'isStorm'>;
  /** New troubles within a minute that make a storm. */
  readonly stormLimit: number;
}

const maxAttempts = 10;

/** Looks at every guard and, where all agree, takes the lease and the budget. Refuses whatever it cannot read. */
export async function guard(request: RemediationRequest, stores: GuardStores, now: Date): Promise<GuardAnswer> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const context = await readContext(request, stores, now);
    const decision = guardRemediation(request, context);
    const remediation = context.runbook ? permittedRemediation(request, context.runbook) : null;
    if (decision.decision === 'refuse') return { ...decision, remediation };
    if (!remediation || !context.runbook || !context.incident) return refuseUnread(remediation);
    if (decision.decision !== 'run') return { ...decision, reason: 'mode', text: remediation.text, remediation };
    const answer = await claim(request, context.incident, context.runbook, remediation, stores, now);
    if (answer) return answer;
  }
  return {
    decision: 'refuse',
    reason: 'contended',
    text: 'The guard could not get a steady view of the incident.',
    remediation: null,
  };
}

async function readContext(request: RemediationRequest, stores: GuardStores, now: Date): Promise<GuardContext> {
  const names = {
    catalog: `/handsoff/runbooks/${request.runbook}`,
    globalSwitch: '/handsoff/kill-switch/global',
    runbookSwitch: `/handsoff/kill-switch/${request.runbook}`,
  };
  const [values, incident, approval, isStorm] = await Promise.all([
    stores.parameters.read(Object.values(names)),
    stores.incidents.readIncident(request.incident_id),
    stores.incidents.readApproval(requestHashOf(request)),
    stores.incidents.readStorm().then((storm) => stores.storms.isStorm(storm, stores.stormLimit, now)),
  ]);
  return {
    incident,
    runbook: parseCatalogEntry(values.get(names.catalog) ?? ''),
    killSwitches: { global: values.get(names.globalSwitch), runbook: values.get(names.runbookSwitch) },
    approval,
    isStorm,
    now,
  };
}

/** Answers undefined when somebody else wrote meanwhile and everything has to be looked at again. */
async function claim(
  request: RemediationRequest,
  incident: Incident,
  runbook: CatalogEntry,
  remediation: PermittedRemediation,
  { remediations }: GuardStores,
  now: Date,
): Promise<GuardAnswer | undefined> {
  const leaseSeconds = 2 * runbook.timeout_seconds + runbook.verify.timeout_seconds + runbook.verify.hold_seconds;
  const outcome = await remediations.claim(
    { incident, runbook: runbook.id, target: request.target, leaseSeconds, budgetPerHour: runbook.budget_per_hour },
    {
      entry: {
        id: 'automation-started',
        kind: 'automation-started',
        by: `runbook:${runbook.id}`,
        text: `Now: ${remediation.text}`,
      },
      patch: { remediation: 'running' },
    },
    now,
  );
  switch (outcome) {
    case 'claimed':
      return { decision: 'run', reason: 'guards-passed', text: remediation.text, remediation };
    case 'lease-held':
      return {
        decision: 'refuse',
        reason: outcome,
        text: `Another repair is at work on ${request.target}.`,
        remediation,
      };
    case 'budget-spent': {
      const text = `The runbook has used its ${runbook.budget_per_hour} repairs of this hour.`;
      return { decision: 'refuse', reason: outcome, text, remediation };
    }
    case 'conflict':
      return undefined;
  }
}

function refuseUnread(remediation: PermittedRemediation | null): GuardAnswer {
  return {
    decision: 'refuse',
    reason: 'unknown-runbook',
    text: 'The catalog or the incident could not be read.',
    remediation,
  };
}
