import type { Alarms } from '../adapters/alarms.ts';
import type { BreakerStore } from '../adapters/breaker-store.ts';
import type { Item } from '../adapters/dynamodb-table.ts';
import { incidentAfter, type IncidentChange, type IncidentStore } from '../adapters/incident-store.ts';
import type { Lease, RemediationStore } from '../adapters/remediation-store.ts';
import type { EndRows, RepairView } from '../adapters/repair-view.ts';
import { alarmToAsk } from '../domain/alarm-to-ask.ts';
import { type Breaker, breakerEffectOf, openedBy, openingSentence } from '../domain/breaker.ts';
import type { DeployedConfig } from '../domain/deployed-config.ts';
import { withPlainError } from '../domain/error-text.ts';
import type { Incident } from '../domain/incident.ts';
import {
  endedAs,
  type EndedRemediation,
  endingChange,
  followUpChange,
  isBesideAnother,
  keepsLease,
  type RemediationEnding,
} from '../domain/remediation-outcome.ts';

export interface FinishRequest extends EndedRemediation {
  readonly incident_id: string;
  readonly target: string;
  /** ARN of the execution that ends. */
  readonly execution: string;
  /** After so many repairs in a row without recovery the runbook is disabled; 0 where nothing was permitted. */
  readonly breaker: number;
}

/** The alarm fires although the hold time has passed: the repair has not helped. Never retried. */
export class RelapsedError extends Error {
  override readonly name = 'RelapsedError' as const;

  constructor(incidentId: string) {
    super(`The alarm of ${incidentId} fires again, which was not heard in time.`);
  }
}

/**
 * Nothing fired during the hold time, and the alarm is not OK: it may have no data any more, so that silence proves nothing.
 * Tried again for a while, because an alarm may be so for a minute.
 */
export class AlarmNotOkError extends Error {
  override readonly name = 'AlarmNotOkError' as const;

  constructor(state: string | undefined) {
    super(
      state === undefined
        ? 'Whether the alarm stayed OK could not be read from CloudWatch.'
        : `The alarm recovered and then did not stay OK: CloudWatch says that it is ${state}.`,
    );
  }
}

/** What a runbook gets back from `remediate`. */
export interface FinishAnswer {
  readonly outcome: 'recovered' | 'contained' | 'needs-human';
  /** What was recorded: not always what the execution took it for. */
  readonly ending: RemediationEnding;
  readonly actions: readonly { readonly action: string; readonly ending: RemediationEnding }[];
}

export interface FinishStores {
  readonly repairs: Pick<RepairView, 'atEnd'>;
  readonly incidents: IncidentStore;
  readonly remediations: RemediationStore;
  readonly breakers: Pick<BreakerStore, 'count' | 'read'>;
  readonly alarms: Pick<Alarms, 'stateOf'>;
  readonly config: Pick<DeployedConfig, 'certificates'>;
}

/**
 * Says how the remediation ended and counts it for the runbook's breaker, in one transaction; then frees what it held
 * unless something may still be at work on the target; then calls a person unless nothing is left to do. Each can be
 * done again by an execution that was cut off. Throws a `RelapsedError` for a recovery that is none any more, and an
 * `AlarmNotOkError` for one that is none yet.
 */
export async function finishRemediation(
  request: FinishRequest,
  stores: FinishStores,
  now: Date,
): Promise<FinishAnswer> {
  const { incidents, remediations } = stores;
  const { incident_id: id, target, action } = request;
  const rows = await stores.repairs.atEnd(id, target, request.runbook);
  const { incident: before, lease } = rows;
  // The guard's answer may have been lost: what this execution has claimed was permitted.
  const ended = {
    ...request,
    reason: withPlainError(request.reason),
    evidence: withPlainError(request.evidence),
    permitted: request.permitted || hasClaimed(request, lease),
  };
  await checkRecovery(ended, before, stores);
  const counted = await recordEnding(ended, rows, stores, now);
  const isOurs = before !== undefined && !isBesideAnother(ended, before);
  const hasBegun = ended.ending !== 'refused';
  if (isOurs && !keepsLease(ended))
    await remediations.release(id, target, { lease, ...(!hasBegun && { uncounted: ended.runbook }) });
  const sentence = counted?.sentence ?? (await openingOf(ended, stores));
  const followUp = (current: Incident) => withSentence(followUpChange(ended, current, now), sentence);
  await incidents.record(id, followUp, now, counted?.incident);
  const ending = counted?.ending ?? request.ending;
  const actions = action ? [{ action, ending }] : [];
  return { outcome: ending === 'recovered' || ending === 'contained' ? ending : 'needs-human', ending, actions };
}

/** What was heard of the alarm is not enough to call it repaired: CloudWatch has to say that it is OK now. */
async function checkRecovery(
  { ending }: FinishRequest,
  incident: Incident | undefined,
  { alarms }: FinishStores,
): Promise<void> {
  if (ending !== 'recovered' || incident?.remediation !== 'running' || incident.status === 'resolved') return;
  const alarm = alarmToAsk(incident);
  if (alarm === undefined) return;
  const state = await alarms.stateOf(alarm);
  if (state === 'ALARM') throw new RelapsedError(incident.id);
  if (state !== 'OK') throw new AlarmNotOkError(state);
}

/** Nobody heard of it in time: that the hold time passed in silence proves nothing then. */
function firesAgain({ status, symptom }: Incident): boolean {
  return status !== 'resolved' && symptom !== 'clear';
}

function hasClaimed({ incident_id, execution }: FinishRequest, lease: Lease | undefined): boolean {
  return lease?.holder === incident_id && lease.execution === execution;
}

/** An end that was written just now: the incident with it, and what it says of the breaker. */
interface CountedEnding {
  readonly ending: FinishRequest['ending'];
  readonly incident: Incident;
  readonly sentence: string;
}

/**
 * Writes the line that says how it ended, and with it the end as the breaker counts it: both, or neither. Undefined where
 * that was done before, or does not apply.
 */
async function recordEnding(
  ended: FinishRequest,
  rows: EndRows,
  stores: FinishStores,
  now: Date,
): Promise<CountedEnding | undefined> {
  const { runbook, ending, incident_id: incident } = ended;
  let counted: CountedEnding | undefined;
  // Whoever lost a race reads again.
  let known: { readonly item: Item | undefined } | undefined = { item: rows.breaker };
  const decide = async (current: Incident): Promise<IncidentChange | undefined> => {
    // It may have fired since it was first looked at: who wrote that it fires has written a newer version.
    if (ending === 'recovered' && firesAgain(current)) throw new RelapsedError(incident);
    const asIs = endedAs(ended, current);
    const change = endingChange(asIs, current, now);
    if (!change) return undefined;
    const revision = revisionOf(ended, stores);
    const failure = { incident, at: now.toISOString() };
    const effect = breakerEffectOf(asIs.ending, current.status === 'resolved');
    const { breaker, writes } = await stores.breakers.count({ runbook, effect, revision, failure, known });
    known = undefined;
    const sentence = sentenceOf(ended, breaker, revision);
    counted = { ending: asIs.ending, incident: incidentAfter(current, change), sentence };
    return { ...withSentence(change, sentence), beside: writes };
  };
  const outcome = await stores.incidents.record(incident, decide, now, rows.incident);
  return outcome === 'recorded' ? counted : undefined;
}

async function openingOf(ended: FinishRequest, stores: FinishStores): Promise<string> {
  return sentenceOf(ended, await stores.breakers.read(ended.runbook), revisionOf(ended, stores));
}

/** What people are told where this was the repair that disabled the runbook; empty where it was not. */
function sentenceOf(
  { runbook, breaker: limit, incident_id }: FinishRequest,
  breaker: Breaker | undefined,
  revision: string,
): string {
  const isIt = breaker !== undefined && limit > 0 && openedBy(breaker, revision, limit)?.incident === incident_id;
  return isIt ? openingSentence(runbook, limit) : '';
}

function withSentence<Change extends IncidentChange>(change: Change, sentence: string): Change;
function withSentence(change: IncidentChange | undefined, sentence: string): IncidentChange | undefined;
function withSentence(change: IncidentChange | undefined, sentence: string): IncidentChange | undefined {
  if (!change || sentence === '') return change;
  return { ...change, entry: { ...change.entry, text: `${change.entry.text} ${sentence}` } };
}

function revisionOf({ runbook }: FinishRequest, { config }: FinishStores): string {
  return config.certificates[runbook]?.hash ?? '';
}
