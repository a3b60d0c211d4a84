import type { Incident } from './incident.ts';

/**
 * The ARN of the alarm that CloudWatch is asked about before anything is changed, and before it counts as repaired;
 * undefined where the alert is not CloudWatch's own.
 */
export function alarmToAsk({ alert }: Pick<Incident, 'alert'>): string | undefined {
  return alert.origin.format === 'cloudwatch' ? alert.payload.source : undefined;
}
