import type { Integration } from '../domain/integrations.ts';

/** Whom a path leads to, and which format its bodies have. */
export interface Address {
  /** One, or all that are told apart by their routing key. Never empty. */
  readonly integrations: readonly [Integration, ...Integration[]];
  readonly format: string;
}

/** Paths that a routing key opens beside its own; PagerDuty's keys take alerts and changes alike. */
const aliases: ReadonlyMap<string, { readonly path: string; readonly format: string }> = new Map([
  ['/v2/change/enqueue', { path: '/v2/enqueue', format: 'pagerduty-change' }],
]);

/** The integrations behind a path, or undefined where there is none. */
export function findIntegrations(path: string, integrations: readonly Integration[]): Address | undefined {
  const alias = aliases.get(path);
  const [first, ...others] = integrations.filter((one) => one.path === (alias?.path ?? path));
  return first && { integrations: [first, ...others], format: alias?.format ?? first.format };
}
