import { MemoryTable } from '../../../../cli/triage/memory-table.ts';
import { normaliseEvent } from '../../../../functions/adapters/intake/normalise-event.ts';
import type { Alert } from '../../../../functions/domain/alert.ts';
import { aTriage } from '../../triage-alert/a-triage.ts';

/** One piece of what a sender said, and how it came on the bus. */
export interface ReceivedPiece {
  readonly id: string;
  readonly format: string;
  readonly integration: string;
  /** ISO 8601. */
  readonly at: string;
  readonly piece: unknown;
}

/** The alert of a piece that came on the bus in a request of its own. Throws where there is none. */
export function receivedAlert({ id, format, integration, at, piece }: ReceivedPiece): Alert {
  const normalised = normaliseEvent(
    {
      id,
      source: `handsoff.${format}`,
      'detail-type': 'Alert Received',
      account: '123456789012',
      region: 'eu-central-1',
      detail: { integration, received_at: at, piece },
    },
    new Date(at),
  );
  if (normalised.kind !== 'alert') throw new Error(JSON.stringify(normalised));
  return normalised.alert;
}

/** What becomes of alerts, one after the other in the order in which they reach triage, each at the time at which it came. */
export async function decisionsOf(...alerts: readonly Alert[]): Promise<string[]> {
  const { take } = aTriage(new MemoryTable(), { settle_seconds: 0 });
  const decided: string[] = [];
  for (const alert of alerts) {
    const { decision, reason } = await take(alert, new Date(alert.origin.received_at));
    decided.push(`${decision} (${reason})`);
  }
  return decided;
}
