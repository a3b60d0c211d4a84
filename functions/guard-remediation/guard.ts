import type { ChangeCalendars } from '../adapters/change-calendars.ts';
import type { GuardView } from '../adapters/guard-view.ts';
import type { IncidentStore } from '../adapters/incident-store.ts';
import type { DeployedArtifacts } from '../adapters/deployed-artifacts.ts';
import type { ParameterReader } from '../adapters/parameter-reader.ts';
import { readCatalog } from '../adapters/read-catalog.ts';
import type { ClaimOutcome, RemediationStore } from '../adapters/remediation-store.ts';
import type { RepairGroups } from '../adapters/repair-groups.ts';
import type { SlackSecretReader } from '../adapters/slack-secret.ts';
import type { Approval } from '../domain/approval.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import {
  type FirstSight,
  guardAtFirstSight,
  type GuardContext,
  guardRemediation,
  type RefusalReason,
  type RemediationRequest,
  requestHashOf,
} from '../domain/guard.ts';
import type { Incident } from '../domain/incident.ts';
import { leaseSecondsOf, type PermittedRemediation, permittedRemediation } from '../domain/permitted-remediation.ts';
import { capOf, type RepairGroup } from '../domain/repair-group.ts';
import type { CatalogEntry } from '../domain/runbook-catalog.ts';
import { slackChannelOf } from '../domain/slack-channel-of.ts';

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

/** What the machine asks: `execution` is the ARN of its execution, so that it may ask again when an answer got lost. */
export interface GuardRequest extends RemediationRequest {
  readonly execution: string;
}

/** Nothing speaks against the repair but how much is at work already: the state machine tries again for a while. */
export class GuardBusyError extends Error {
  override readonly name = 'GuardBusyError' as const;
  /** What it is refused for when the tries are used up. */
  readonly reason: RefusalReason = 'busy';
}

export interface GuardStores {
  readonly view: Pick<GuardView, 'read'>;
  readonly incidents: Pick<IncidentStore, 'readApproval'>;
  readonly remediations: Pick<RemediationStore, 'claim'>;
  readonly parameters: Pick<ParameterReader, 'read'>;
  readonly deployed: Pick<DeployedArtifacts, 'whyUncertified'>;
  /** What each runbook was rehearsed with, and why one only observes that was not. */
  readonly config: Pick<DeployedConfig, 'certificates' | 'routes' | 'triage' | 'changes' | 'services' | 'channels'>;
  readonly calendars: Pick<ChangeCalendars, 'read'>;
  readonly groups: Pick<RepairGroups, 'read'>;
  readonly chat: Pick<SlackSecretReader, 'read'>;
}

/** What there is when every guard that only looks has agreed. */
interface Passed {
  readonly incident: Incident;
  readonly runbook: CatalogEntry;
  readonly remediation: PermittedRemediation;
  readonly approval: Approval | undefined;
  readonly group: RepairGroup | null;
}

const maxAttempts = 10;

/**
 * Looks at every guard and, where all agree, takes the lease and counts the repair. Refuses whatever it cannot read.
 * Throws a `GuardBusyError` where only too much is at work. Asked again by the same execution after it has taken the
 * lease, it says once more what it permitted.
 */
export async function guard(request: GuardRequest, stores: GuardStores, now: Date): Promise<GuardAnswer> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const seen = await lookFirst(request, stores, now);
    const early = guardAtFirstSight(request, seen);
    if (early?.decision === 'refuse') return refuse(early.reason, early.text);
    const context = await lookCloser(request, seen, stores);
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
    const outcome = context.hasClaimed ? 'claimed' : await claim(request, passed, stores, now);
    if (outcome !== 'conflict') return answerOf(outcome, passed, stores);
  }
  throw new GuardBusyError('So many repairs begin and end that the guard got no steady view of them.');
}

async function lookFirst(request: GuardRequest, stores: GuardStores, now: Date): Promise<FirstSight> {
  const { triage, changes, certificates } = stores.config;
  const [catalog, rows, calendar] = await Promise.all([
    readCatalog(stores.parameters, request.runbook),
    stores.view.read(request, triage.storm.new_per_minute, now),
    stores.calendars.read(changes.calendars),
  ]);
  const { lease, ...read } = rows;
  const hasClaimed = lease?.holder === request.incident_id && lease.execution === request.execution;
  const revision = certificates[request.runbook]?.hash ?? '';
  return { ...catalog, ...read, calendar, hasClaimed, changes, maintenance: triage.maintenance, revision, now };
}

/** What only observes changes nothing: it needs no certificate and no approval, and takes no share. */
async function lookCloser(request: GuardRequest, seen: FirstSight, stores: GuardStores): Promise<GuardContext> {
  const { incident, runbook } = seen;
  if (!incident || !runbook || incident.mode === 'observe' || runbook.mode === 'observe')
    return { ...seen, uncertified: null, approval: undefined, canAsk: true, group: null };
  const { deployed, incidents, groups, config } = stores;
  const [uncertified, approval, canAsk, group] = await Promise.all([
    deployed.whyUncertified(config.certificates[request.runbook], runbook, request),
    runbook.mode === 'approve' ? incidents.readApproval(requestHashOf(request, runbook, seen.revision)) : undefined,
    runbook.mode === 'approve' ? canBeAsked(incident, stores) : true,
    runbook.share ? groups.read(runbook.share.of, incident.alert.resource) : null,
  ]);
  return { ...seen, uncertified, approval, canAsk, group };
}

/** Telling fails open: where it is not known whether an answer could come in, the question is put, and silence means no. */
async function canBeAsked({ service }: Incident, { chat, config }: GuardStores): Promise<boolean> {
  if (slackChannelOf(service, config) === undefined) return false;
  const secret = await chat.read().catch(() => undefined);
  return secret?.botToken !== '' && secret?.signingSecret !== '';
}

function whyOnlyObserving({ runbook }: RemediationRequest, { config }: GuardStores): string {
  const why = config.routes.find(({ id }) => id === runbook)?.uncertified;
  return why ? `${why} It may act again when it has been rehearsed and deployed.` : '';
}

function whatPassed({ incident, runbook, approval, group, revision }: GuardContext): Passed | undefined {
  const remediation = incident && runbook && permittedRemediation(incident, runbook, revision);
  if (!remediation || group === undefined) return undefined;
  return { incident, runbook, remediation, approval, group };
}

async function claim(
  { execution }: GuardRequest,
  { incident, runbook, remediation, approval, group }: Passed,
  { remediations, config }: GuardStores,
  now: Date,
): Promise<ClaimOutcome> {
  const leaseSeconds = leaseSecondsOf(runbook);
  const locked_until = new Date(now.getTime() + leaseSeconds * 1000).toISOString();
  const { target, text } = remediation;
  const limits = {
    budgetPerHour: runbook.budget_per_hour,
    targetLimit: runbook.target_limit,
    automationsInFlight: config.changes.automations_in_flight,
    share: group && runbook.share ? { name: group.id, cap: capOf(group, runbook.share) } : undefined,
  };
  const kind = 'automation-started';
  return remediations.claim(
    { incident, runbook: runbook.id, target, leaseSeconds, execution, approval, ...limits },
    {
      entry: { id: kind, kind, by: `runbook:${runbook.id}`, text: `Now: ${text}` },
      patch: { remediation: 'running', locked_until },
    },
    now,
  );
}

function answerOf(
  outcome: Exclude<ClaimOutcome, 'conflict'>,
  { runbook, remediation, group }: Passed,
  { config }: GuardStores,
): GuardAnswer {
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
    case 'share-taken':
      throw new GuardBusyError(
        `As many members of ${group?.id} as may be are in repair (${runbook.share?.percent}% of ${group?.size} in service).`,
      );
    case 'automations-full':
      throw new GuardBusyError(
        `As many automations as may be are in flight (${config.changes.automations_in_flight}, config/change-calendar.yaml).`,
      );
  }
}

function refuse(reason: RefusalReason, text: string): GuardAnswer {
  return { decision: 'refuse', reason, text, why: text, remediation: null };
}
