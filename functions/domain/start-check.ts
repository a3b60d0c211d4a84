import { alarmToAsk } from './alarm-to-ask.ts';
import { type KillSwitches, whyStopped } from './guard.ts';
import type { Incident } from './incident.ts';
import { type PermittedRemediation, permittedRemediation } from './permitted-remediation.ts';
import type { CatalogEntry } from './runbook-catalog.ts';
import type { AutomationStep } from './waits.ts';

/** Why an automation that was permitted minutes ago is not started now. */
export type StartRefusal =
  | 'not-running'
  | 'recovered-meanwhile'
  | 'symptom-unknown'
  | 'kill-switch'
  | 'lease-lost'
  | 'not-permitted';

/** What is looked at again right before an automation starts. `undefined` means it could not be read, and refuses. */
export interface StartContext {
  readonly incident: Incident | undefined;
  readonly runbook: CatalogEntry | undefined;
  /** What is deployed of the runbook. */
  readonly revision: string;
  readonly killSwitches: KillSwitches;
  readonly lease: { readonly holder: string; readonly expires_at: string } | undefined;
  /** What CloudWatch says of the alarm now: `ALARM` while it fires. Looked at only where the alert is CloudWatch's. */
  readonly alarmState: string | undefined;
  readonly now: Date;
}

export type StartDecision =
  | { readonly decision: 'start'; readonly remediation: PermittedRemediation }
  | { readonly decision: 'refuse'; readonly reason: StartRefusal; readonly text: string };

/**
 * Decides whether an automation may start now. Whoever calls is not believed: what starts is made from the incident's
 * own alert and the catalog, and has to be what was permitted. An undo is started whether or not the alarm still fires.
 */
export function checkStart(step: AutomationStep, wanted: PermittedRemediation, context: StartContext): StartDecision {
  const { incident, runbook, revision, killSwitches, lease, alarmState, now } = context;
  if (incident?.remediation !== 'running') return refuse('not-running', 'No repair of this incident is under way.');
  if (step === 'repair' && (incident.status === 'resolved' || incident.symptom !== 'firing'))
    return refuse('recovered-meanwhile', 'It recovered before the repair could begin.');
  const gone = step === 'repair' ? whyNoSymptom(incident, alarmState) : undefined;
  if (gone) return gone;
  const stopped = whyStopped(killSwitches);
  if (stopped) return refuse('kill-switch', stopped);
  if (lease?.holder !== incident.id || Date.parse(lease.expires_at) <= now.getTime())
    return refuse('lease-lost', 'The repair does not hold its target any more.');
  const remediation = runbook?.id === incident.runbook ? permittedRemediation(incident, runbook, revision) : undefined;
  if (!remediation || !isSame(whatCounts(step, remediation), whatCounts(step, wanted)))
    return refuse('not-permitted', 'What was to be started is not what the catalog permits for this alert.');
  return { decision: 'start', remediation };
}

/** An event may be late, or made up by somebody; what counts is how the alarm stands now. */
function whyNoSymptom(incident: Incident, alarmState: string | undefined): StartDecision | undefined {
  if (alarmToAsk(incident) === undefined || alarmState === 'ALARM') return undefined;
  if (alarmState === undefined)
    return refuse('symptom-unknown', 'Whether the alarm still fires could not be read from CloudWatch.');
  const text = `CloudWatch says that the alarm does not fire (${alarmState}), so the repair did not begin.`;
  return refuse('recovered-meanwhile', text);
}

/** A repair is exactly what was permitted. What takes it back may be told, timed and counted otherwise by a newer version. */
function whatCounts(step: AutomationStep, remediation: PermittedRemediation) {
  const { target, undo, parameters } = remediation;
  return step === 'repair' ? remediation : { target, undo, parameters };
}

/** Whether two values of JSON are the same, in whatever order their members stand. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(Reflect.get(one, name), Reflect.get(other, name)))
  );
}

function refuse(reason: StartRefusal, text: string): StartDecision {
  return { decision: 'refuse', reason, text };
}
