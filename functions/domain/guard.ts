import { createHash } from 'node:crypto';
import { parametersFromAlert } from './alert-parameters.ts';
import { type Approval, approverIn, isAskedBy } from './approval.ts';
import { type Breaker, howToClose, openedBy } from './breaker.ts';
import { type CalendarState, type ChangeRules, timeOf, whyFrozen, windowOver } from './change-calendar.ts';
import type { MaintenanceWindow } from './hours.ts';
import type { Incident } from './incident.ts';
import type { RepairGroup } from './repair-group.ts';
import type { CatalogEntry } from './runbook-catalog.ts';
import { clockTimeOf } from './telling/clock-time.ts';

/** What a runbook asks `remediate` to do. */
export interface RemediationRequest {
  readonly incident_id: string;
  readonly runbook: string;
  /** Values for the document's parameters: they have to be those of the incident's own alert. */
  readonly parameters: Readonly<Record<string, string>>;
  /** ARN of the resource that is changed, which is the alert's own: what the lease is taken on. */
  readonly target: string;
}

/** The values of the two switches that stop a runbook; `undefined` means it could not be read. */
export interface KillSwitches {
  readonly global: string | undefined;
  readonly runbook: string | undefined;
}

/** What the guard sees at first sight. `undefined` means it could not be read, and then nothing may be changed. */
export interface FirstSight {
  readonly incident: Incident | undefined;
  readonly runbook: CatalogEntry | undefined;
  readonly killSwitches: KillSwitches;
  /** Whether so much breaks at once that nobody knows why. */
  readonly isStorm: boolean | undefined;
  /** When nothing may be changed, and what is in maintenance, as the configuration says. */
  readonly changes: Pick<ChangeRules, 'freezes' | 'calendars'>;
  readonly maintenance: readonly MaintenanceWindow[];
  /** How the change calendars of Systems Manager stand together. */
  readonly calendar: CalendarState | undefined;
  readonly breaker: Breaker | undefined;
  /** What is deployed of the runbook: failures of another deployment do not count against it. */
  readonly revision: string;
  /** Whether this very execution has taken the target before, and its answer got lost. */
  readonly hasClaimed: boolean;
  readonly now: Date;
}

/** All that the guard may look at, under the same terms. */
export interface GuardContext extends FirstSight {
  readonly approval: Approval | undefined;
  /** False where it is known that no answer of an approver could come in. */
  readonly canAsk: boolean;
  /** Why what is deployed is not what was rehearsed, as a sentence; null where it is, or where nothing is going to be changed. */
  readonly uncertified: string | null | undefined;
  /** The target's group; null where the runbook limits no share of any. */
  readonly group: RepairGroup | null | undefined;
}

/** Why a remediation was refused; shown to people in its sentence, counted by its name. */
export type RefusalReason =
  | 'unknown-incident'
  | 'already-resolved'
  | 'already-remediated'
  | 'unknown-runbook'
  | 'kill-switch'
  | 'uncertified'
  | 'storm'
  | 'change-freeze'
  | 'maintenance'
  | 'breaker'
  | 'bad-parameters'
  | 'wrong-target'
  | 'share-unknown'
  | 'nobody-to-ask'
  | 'approval-refused'
  | 'approval-expired'
  | 'approval-invalid'
  | 'lease-held'
  | 'budget-spent'
  | 'target-limit'
  | 'busy';

/** `run`: change now. `ask`: a named person must agree first. `propose`: only say what would be done. */
export type GuardDecision =
  | { readonly decision: 'run' | 'ask' | 'propose' }
  | { readonly decision: 'refuse'; readonly reason: RefusalReason; readonly text: string };

/** One thing that has to be so before anything is changed. */
interface Guard<Seen> {
  readonly name: string;
  readonly check: (request: RemediationRequest, seen: Seen) => GuardDecision | undefined;
}

/** Those that need no more than a first look. */
const guardsAtFirstSight: readonly Guard<FirstSight>[] = [
  { name: 'incident', check: checkIncident },
  { name: 'catalog', check: checkCatalog },
  { name: 'kill-switch', check: checkKillSwitch },
  { name: 'storm', check: checkStorm },
  { name: 'change-calendar', check: checkCalendar },
  { name: 'maintenance', check: checkMaintenance },
  { name: 'breaker', check: checkBreaker },
  { name: 'parameters', check: checkParameters },
  { name: 'target', check: checkTarget },
];

/**
 * The guards that need nothing but looking, in order; the first that has an answer decides. Those that take something
 * (lease, budget, share of a group, slot among all automations) come after them, in one transaction.
 */
export const guards: readonly Guard<GuardContext>[] = [
  ...guardsAtFirstSight,
  { name: 'share', check: checkShare },
  { name: 'certificate', check: checkCertificate },
  { name: 'mode', check: checkMode },
];

/** Decides whether a remediation may go on. Pure and total; whatever is missing from the context refuses. */
export function guardRemediation(request: RemediationRequest, context: GuardContext): GuardDecision {
  return decide(guards, request, context) ?? { decision: 'run' };
}

/** What decides at first sight already, so that no more need be looked at; undefined where nothing does. */
export function guardAtFirstSight(request: RemediationRequest, seen: FirstSight): GuardDecision | undefined {
  return decide(guardsAtFirstSight, request, seen);
}

function decide<Seen>(
  guards: readonly Guard<Seen>[],
  request: RemediationRequest,
  seen: Seen,
): GuardDecision | undefined {
  for (const guard of guards) {
    const decision = guard.check(request, seen);
    if (decision) return decision;
  }
  return undefined;
}

/**
 * Binds an approval to exactly what was asked: runbook, target, parameters, what the catalog would run under which role,
 * and what was deployed of it at that moment.
 */
export function requestHashOf(request: RemediationRequest, runbook: CatalogEntry, revision: string): string {
  const parameters = Object.entries(request.parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const run = [runbook.document, runbook.undo, runbook.undo_when, runbook.automation_role_arn];
  const text = JSON.stringify([request.incident_id, request.runbook, request.target, parameters, run, revision]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function checkIncident(_request: RemediationRequest, { incident, hasClaimed }: FirstSight): GuardDecision | undefined {
  if (!incident) return refuse('unknown-incident', 'The incident could not be read.');
  if (incident.status === 'resolved') return refuse('already-resolved', 'It recovered before anything was changed.');
  if (['none', 'proposed', 'awaiting-approval'].includes(incident.remediation)) return undefined;
  if (incident.remediation === 'running' && hasClaimed) return undefined;
  return refuse('already-remediated', `A repair was already tried in this incident (${incident.remediation}).`);
}

function checkCatalog(request: RemediationRequest, { runbook, incident }: FirstSight): GuardDecision | undefined {
  if (!runbook || runbook.id !== request.runbook) {
    return refuse('unknown-runbook', `The catalog has no readable entry for the runbook ${request.runbook}.`);
  }
  if (incident?.runbook === runbook.id) return undefined;
  return refuse('unknown-runbook', `The incident belongs to the runbook ${incident?.runbook}, not ${runbook.id}.`);
}

function checkKillSwitch(_request: RemediationRequest, { killSwitches }: FirstSight): GuardDecision | undefined {
  const text = whyStopped(killSwitches);
  return text ? refuse('kill-switch', text) : undefined;
}

/** Why nothing may be changed at all, as a sentence; undefined while both switches are known to be off. */
export function whyStopped(killSwitches: KillSwitches): string | undefined {
  for (const name of ['global', 'runbook'] as const) {
    const value = killSwitches[name];
    if (value === 'off') continue;
    if (value === undefined) return `The ${name} kill switch could not be read.`;
    return `The ${name} kill switch is ${value === 'on' ? 'on' : 'neither on nor off, which stops as on does'}.`;
  }
  return undefined;
}

function checkStorm(_request: RemediationRequest, { isStorm }: FirstSight): GuardDecision | undefined {
  if (isStorm === false) return undefined;
  const text = isStorm
    ? 'Too much breaks at once; nothing is changed in a storm.'
    : 'Whether there is a storm could not be read.';
  return refuse('storm', text);
}

function checkCalendar(
  _request: RemediationRequest,
  { incident, changes, calendar, now }: FirstSight,
): GuardDecision | undefined {
  const why = incident && whyFrozen(incident.alert, changes, calendar, now);
  return why ? refuse('change-freeze', `${why} Nothing is changed until it is over.`) : undefined;
}

/** An incident can be older than the window that its resource is in by now. */
function checkMaintenance(
  _request: RemediationRequest,
  { incident, maintenance, now }: FirstSight,
): GuardDecision | undefined {
  const window = incident && windowOver(incident.alert, maintenance, now);
  if (!window) return undefined;
  const text = `The maintenance ${window.id} lasts until ${timeOf(window.until)}; what somebody works on is not repaired.`;
  return refuse('maintenance', text);
}

function checkBreaker(
  _request: RemediationRequest,
  { runbook, breaker, revision }: FirstSight,
): GuardDecision | undefined {
  if (!runbook) return undefined;
  if (!breaker) return refuse('breaker', `How often the runbook ${runbook.id} failed could not be read.`);
  const failure = openedBy(breaker, revision, runbook.breaker);
  if (!failure) return undefined;
  const rows = runbook.breaker === 1 ? 'a repair' : `${runbook.breaker} repairs in a row`;
  const since = `since ${failure.at.slice(0, 10)} ${clockTimeOf(failure.at)} (${failure.incident})`;
  return refuse(
    'breaker',
    `The runbook ${runbook.id} is disabled ${since}, after ${rows} without recovery. ${howToClose(runbook.id)}`,
  );
}

function checkParameters(request: RemediationRequest, { runbook, incident }: FirstSight): GuardDecision | undefined {
  const values = incident && runbook ? parametersFromAlert(incident.alert, runbook.parameters) : {};
  const names = new Set([...Object.keys(values), ...Object.keys(request.parameters)]);
  const bad = [...names].filter((name) => values[name] === undefined || values[name] !== request.parameters[name]);
  if (bad.length === 0) return undefined;
  return refuse(
    'bad-parameters',
    `What is asked for ${bad.join(', ')} is not a value of the alert that the runbook allows.`,
  );
}

function checkTarget(request: RemediationRequest, { incident }: FirstSight): GuardDecision | undefined {
  const arn = incident?.alert.resource.arn;
  if (arn !== undefined && arn === request.target) return undefined;
  return refuse('wrong-target', `The alert is about ${arn ?? 'no resource with an ARN'}, not about ${request.target}.`);
}

/** What only observes takes no share. */
function checkShare(
  _request: RemediationRequest,
  { incident, runbook, group }: GuardContext,
): GuardDecision | undefined {
  if (!runbook?.share || group || incident?.mode === 'observe' || runbook.mode === 'observe') return undefined;
  const text = `Which ${runbook.share.of} the target is in, and how large it is, could not be read.`;
  return refuse('share-unknown', text);
}

/** What only observes needs no certificate. */
function checkCertificate(
  _request: RemediationRequest,
  { incident, runbook, uncertified }: GuardContext,
): GuardDecision | undefined {
  if (uncertified === null || incident?.mode === 'observe' || runbook?.mode === 'observe') return undefined;
  const why = uncertified ?? 'Whether it is what was rehearsed could not be read.';
  return refuse(
    'uncertified',
    `${why} Nothing is changed until it has been rehearsed and deployed as it is; docs/operations.md says how.`,
  );
}

function checkMode(
  request: RemediationRequest,
  { incident, runbook, approval, canAsk, revision, hasClaimed, now }: GuardContext,
): GuardDecision | undefined {
  if (incident?.mode === 'observe') return { decision: 'propose' };
  // What was approved was used up when the target was taken.
  if (runbook?.mode === 'act' || hasClaimed) return undefined;
  if (runbook?.mode !== 'approve') return { decision: 'propose' };
  const isAsked = approval?.parameters_hash === requestHashOf(request, runbook, revision);
  if (!isAsked || approval.status === 'pending') return canAsk ? { decision: 'ask' } : refuseUnasked();
  if (approval.status === 'refused') return refuse('approval-refused', 'An approver refused it.');
  if (approval.status === 'used') return refuse('approval-invalid', 'The approval was used before; it counts once.');
  // Written so that a time that cannot be read has passed.
  if (!(now.getTime() < Date.parse(approval.expires_at)))
    return refuse('approval-expired', 'The approval had expired.');
  const by = approverIn(approval.decided_by ?? '');
  if (by && runbook.approval?.approvers.includes(by) && !isAskedBy(approval, by)) return undefined;
  return refuse('approval-invalid', 'Whoever approved it is not among those who may.');
}

/** A question that nobody can answer is silence from the beginning: whoever waits for it loses the time that he has. */
function refuseUnasked(): GuardDecision {
  return refuse(
    'nobody-to-ask',
    'It may be done only when an approver agrees, and nobody can be asked: Slack is not set up for this service; the README says how.',
  );
}

function refuse(reason: RefusalReason, text: string): GuardDecision {
  return { decision: 'refuse', reason, text };
}
