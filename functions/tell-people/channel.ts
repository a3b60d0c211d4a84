import type { ChannelName } from '../adapters/delivery-log.ts';
import type { Incident, TimelineEntry } from '../domain/incident.ts';

/** One line to tell, with the newest state of its incident. */
export interface Telling {
  readonly incident: Incident;
  readonly timeline: readonly TimelineEntry[];
  readonly entry: TimelineEntry;
}

/**
 * What became of a line on a channel; also the metric's dimension. `shortened`: it was told without what the channel refused.
 * `refused`: the channel will never take it as things are configured. `late`: it could not be told in time and no longer
 * holds anybody up.
 */
export type TellingOutcome =
  | 'told'
  | 'shortened'
  | 'already'
  | 'nothing-to-say'
  | 'not-configured'
  | 'refused'
  | 'late';

/** What a person does by hand for an incident's runbook; empty without one. */
export type HowOf = (incident: Incident) => readonly string[];

/** A way to tell people. Throws when it may go better the next time; a `reason` says what somebody has to mend. */
export interface Channel {
  readonly name: ChannelName;
  /** For how long after it happened a line may hold back everything behind it while this channel cannot take it. */
  readonly patienceSeconds: number;
  tell(telling: Telling, now: Date): Promise<{ readonly outcome: TellingOutcome; readonly reason?: string }>;
}

/** Another invocation holds the delivery, or held it when it died: it is free within 60 seconds. */
export class DeliveryHeldError extends Error {
  override readonly name = 'DeliveryHeldError' as const;

  constructor(incidentId: string, entryId: string, channel: ChannelName) {
    super(`The line ${entryId} of ${incidentId} is being told on ${channel} elsewhere; it is looked at again.`);
  }
}
