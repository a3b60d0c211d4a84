import type { EventAction, Severity } from '../../domain/alert.ts';

/** What one RDS event says of the database it is about. */
export interface RdsMeaning {
  /** What of the database is unwell: its trigger and its resolve share it. */
  readonly topic: 'availability' | 'failover' | 'storage' | 'encryption-key' | 'state' | 'upgrade';
  readonly action: EventAction;
  readonly severity: Severity;
}

/**
 * The RDS events that are told, by `EventID`; RDS has no scale of severities.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 */
export const rdsMeanings: ReadonlyMap<string, RdsMeaning> = new Map<string, RdsMeaning>([
  ['RDS-EVENT-0004', { topic: 'availability', action: 'trigger', severity: 'warning' }],
  ['RDS-EVENT-0022', { topic: 'availability', action: 'trigger', severity: 'error' }],
  ['RDS-EVENT-0221', { topic: 'availability', action: 'trigger', severity: 'critical' }],
  ['RDS-EVENT-0006', { topic: 'availability', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0087', { topic: 'availability', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0088', { topic: 'availability', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0013', { topic: 'failover', action: 'trigger', severity: 'warning' }],
  ['RDS-EVENT-0015', { topic: 'failover', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0049', { topic: 'failover', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0050', { topic: 'failover', action: 'trigger', severity: 'warning' }],
  ['RDS-EVENT-0051', { topic: 'failover', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0065', { topic: 'failover', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0069', { topic: 'failover', action: 'trigger', severity: 'critical' }],
  ['RDS-EVENT-0071', { topic: 'failover', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0072', { topic: 'failover', action: 'trigger', severity: 'warning' }],
  ['RDS-EVENT-0073', { topic: 'failover', action: 'trigger', severity: 'warning' }],
  ['RDS-EVENT-0007', { topic: 'storage', action: 'trigger', severity: 'critical' }],
  ['RDS-EVENT-0089', { topic: 'storage', action: 'trigger', severity: 'warning' }],
  ['RDS-EVENT-0222', { topic: 'storage', action: 'trigger', severity: 'error' }],
  ['RDS-EVENT-0227', { topic: 'storage', action: 'trigger', severity: 'critical' }],
  ['RDS-EVENT-0017', { topic: 'storage', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0218', { topic: 'storage', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0418', { topic: 'encryption-key', action: 'trigger', severity: 'error' }],
  ['RDS-EVENT-0419', { topic: 'encryption-key', action: 'trigger', severity: 'critical' }],
  ['RDS-EVENT-0420', { topic: 'encryption-key', action: 'resolve', severity: 'info' }],
  ['RDS-EVENT-0031', { topic: 'state', action: 'trigger', severity: 'critical' }],
  ['RDS-EVENT-0035', { topic: 'state', action: 'trigger', severity: 'error' }],
  ['RDS-EVENT-0036', { topic: 'state', action: 'trigger', severity: 'error' }],
  ['RDS-EVENT-0270', { topic: 'upgrade', action: 'trigger', severity: 'warning' }],
  ['RDS-EVENT-0268', { topic: 'upgrade', action: 'resolve', severity: 'info' }],
]);

/** Autoscaling of storage comes back to these by itself: AWS says that no action is necessary. */
export const rdsHarmless: ReadonlySet<string> = new Set(['RDS-EVENT-0219', 'RDS-EVENT-0220', 'RDS-EVENT-0237']);
