import type { Alert } from '../../functions/domain/alert.ts';

/** `any`: whatever the sender wrote there. */
export type FieldTree = 'value' | 'any' | { readonly [name: string]: FieldTree };

type Whole<Value, Tree> = { readonly [Key in keyof Required<Value>]: Tree };

const payload: Whole<Alert['payload'], FieldTree> = {
  summary: 'value',
  source: 'value',
  severity: 'value',
  timestamp: 'value',
  component: 'value',
  group: 'value',
  class: 'value',
  custom_details: 'any',
};
const origin: Whole<Alert['origin'], FieldTree> = {
  format: 'value',
  event_id: 'value',
  account: 'value',
  region: 'value',
  sent_by: 'value',
  received_at: 'value',
  transitioned_at: 'value',
};
const resource: Whole<Alert['resource'], FieldTree> = { arn: 'value', type: 'value', id: 'value' };

/** The fields that an alert can have, so that a pattern which asks about another can be told from one that waits. */
export const alertFields: Whole<Alert, FieldTree> = {
  event_action: 'value',
  dedup_key: 'value',
  incident_key: 'value',
  payload: { ...payload },
  links: { href: 'value', text: 'value' },
  origin: { ...origin },
  resource: { ...resource },
  suppressed_by: 'value',
  suppressed_until: 'value',
};
