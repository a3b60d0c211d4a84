import type { IncidentStore } from '../adapters/incident-store.ts';
import type { DeployedArtifacts } from '../adapters/deployed-artifacts.ts';
import type { ParameterReader } from '../adapters/parameter-reader.ts';
import { readCatalog } from '../adapters/read-catalog.ts';
import type { ClaimOutcome, RemediationStore } from '../adapters/remediation-store.ts';
import type { StormWatch } from '../adapters/storm-watch.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import {
  type GuardContext,
  guardRemediation,
  type RefusalReason,
  type RemediationRequest,
  requestHashOf,
} from '../domain/guard.ts';
import type { Incident } from '../domain/incident.ts';
import { leaseSecondsOf, type PermittedRemediation, permittedRemediation } from '../domain/permitted-remediation.ts';
import type { CatalogEntry } from '../domain/runbook-catalog.ts';

/** What `remediate` goes on with: where to, why as a sentence and as a name, and what exactly is permitted. */
export type GuardAnswer =
  | {
      readonly decision: 'refuse';
      readonly reason: RefusalReason;
      readonly text: string;
      /** What people are told of why nothing is changed. */
      readonly why: string;
      readonly remediation: null;
    }
  | {
      readonly decision: 'run' | 'ask' | 'propose';
      /** `mode`: the runbook's own mode says so. */
      readonly reason: 'guards-passed' | 'mode';
      readonly text: string;
      readonly why: string;
      readonly remediation: PermittedRemediation;
    };

export interface GuardStores {
  readonly incidents: IncidentStore;
  readonly remediations: RemediationStore;
  readonly parameters: ParameterReader;
  readonly deployed: Pick<DeployedArtifacts, 'whyUncertified'>;
  /** What each runbook was rehearsed with, and why one only observes that was not. */
  readonly config: Pick<DeployedConfig, 'certificates' | 'routes'>;
  readonly storms: Pick<StormWatch, 'isStorm'>;
  /** New troubles within a minute that make a storm. */
  readonly stormLimit: number;
}

/** What there is when every guard that only looks has agreed. */
interface Passed {
  readonly incident: Incident;
  readonly runbook: CatalogEntry;
  readonly remediation: PermittedRemediation;
}

const maxAttempts = 10;

/** Looks at every guard and, where all agree, takes the lease and counts the repair. Refuses whatever it cannot read. */
export async function guard(request: RemediationRequest, stores: GuardStores, now: Date): Promise<GuardAnswer> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const context = await readContext(request, stores, now);
    const decision = guardRemediation(request, context);
    if (decision.decision === 'refuse') return refuse(decision.reason, decision.text);
    const passed = whatPassed(context);
    if (!passed) return refuse('unknown-runbook', 'The catalog or the incident could not be read.');
    const { remediation } = passed;
    if (decision.decision !== 'run')
      return {
        ...decision,
        reason: 'mode',
        text: remediation.text,
        why: whyOnlyObserving(request, stores),
        remediation,
      };
    const outcome = await claim(passed, stores, now);
    if (outcome !== 'conflict') return answerOf(outcome, passed);
  }
  return refuse('contended', 'The guard could not get a steady view of the incident.');
}

async function readContext(request: RemediationRequest, stores: GuardStores, now: Date): Promise<GuardContext> {
  const [catalog, incident, approval, isStorm] = await Promise.all([
    readCatalog(stores.parameters, request.runbook),
    stores.incidents.readIncident(request.incident_id),
    stores.incidents.readApproval(requestHashOf(request)),
    stores.incidents.readStorm().then((storm) => stores.storms.isStorm(storm, stores.stormLimit, now)),
  ]);
  const certificate = stores.config.certificates[request.runbook];
  const uncertified = await stores.deployed.whyUncertified(certificate, catalog.runbook);
  return { ...catalog, incident, approval, isStorm, uncertified, now };
}

function whyOnlyObserving({ runbook }: RemediationRequest, { config }: GuardStores): string {
  const why = config.routes.find(({ id }) => id === runbook)?.uncertified;
  return why ? `${why} It may act again when it has been rehearsed and deployed.` : '';
}

function whatPassed({ incident, runbook }: GuardContext): Passed | undefined {
  const remediation = incident && runbook && permittedRemediation(incident, runbook);
  return remediation && { incident, runbook, remediation };
}

async function claim(
  { incident, runbook, remediation }: Passed,
  { remediations }: GuardStores,
  now: Date,
): Promise<ClaimOutcome> {
  const leaseSeconds = leaseSecondsOf(runbook);
  const locked_until = new Date(now.getTime() + leaseSeconds * 1000).toISOString();
  const { target, text } = remediation;
  const limits = { budgetPerHour: runbook.budget_per_hour, targetLimit: runbook.target_limit };
  const kind = 'automation-started';
  return remediations.claim(
    { incident, runbook: runbook.id, target, leaseSeconds, ...limits },
    {
      entry: { id: kind, kind, by: `runbook:${runbook.id}`, text: `Now: ${text}` },
      patch: { remediation: 'running', locked_until },
    },
    now,
  );
}

function answerOf(outcome: Exclude<ClaimOutcome, 'conflict'>, { runbook, remediation }: Passed): GuardAnswer {
  const { target, text } = remediation;
  switch (outcome) {
    case 'claimed':
      return { decision: 'run', reason: 'guards-passed', text, why: '', remediation };
    case 'lease-held':
      return refuse(outcome, `Another repair is at work on ${target}.`);
    case 'budget-spent':
      return refuse(outcome, `The runbook has used its ${runbook.budget_per_hour} repairs of the last 60 minutes.`);
    case 'target-limit':
      return refuse(
        outcome,
        `${target} was already repaired ${runbook.target_limit} times within 24 hours: repairing it again is no cure.`,
      );
  }
}

function refuse(reason: RefusalReason, text: string): GuardAnswer {
  return { decision: 'refuse', reason, text, why: text, remediation: null };
}
