import type { Alert } from './alert.ts';
import type { DeployedConfig } from './deployed-config.ts';
import type { Incident, Mode } from './incident.ts';
import { secondsToWait } from './support-hours.ts';

/** The input of `respond`, and through it of the runbook. */
export interface ResponseInput {
  readonly incident_id: string;
  readonly runbook: string;
  readonly mode: Mode;
  readonly alert: Alert;
  readonly escalation: {
    /** The call that comes next, from 1. */
    readonly round: number;
    /** How many calls there are at the most. */
    readonly times: number;
    /** Seconds of silence before the next call. */
    readonly wait_seconds: number;
    /** Seconds of silence before each call after that. */
    readonly repeat_seconds: number;
    /** How often nobody was called though nobody had taken it: while a repair is at work, the alarm is clear, or a storm stands for it. */
    readonly looks: number;
  };
}

/** What `respond` needs to know of a new incident. Automation that may act gets the service's patience before a person is called. */
export function responseInputOf(incident: Incident, config: DeployedConfig): ResponseInput {
  const service = config.services.find((candidate) => candidate.id === incident.service);
  if (!service)
    throw new Error(`The incident ${incident.id} names the service ${incident.service}, which is not configured.`);
  const { patience_seconds, repeat_seconds, times } = service.escalation;
  return {
    incident_id: incident.id,
    runbook: incident.runbook,
    mode: incident.mode,
    alert: incident.alert,
    escalation: {
      round: 1,
      times,
      wait_seconds: Math.max(
        incident.mode === 'act' ? patience_seconds : repeat_seconds,
        secondsToWait(incident, new Date(incident.opened_at)),
      ),
      repeat_seconds,
      looks: 0,
    },
  };
}
