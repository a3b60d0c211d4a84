import type { Alert, Severity } from '../../functions/domain/alert.ts';

/** What a test may say about an alert: any member of it, and the severity for short. */
export type AlertWishes = Partial<Alert> & { readonly severity?: Severity };

/** The alert of an instance that fails its status check, with what the test wishes otherwise. */
export function anAlert({ severity, ...wishes }: AlertWishes = {}): Alert {
  const alarmArn = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-1 status check';
  const alert: Alert = {
    event_action: 'trigger',
    dedup_key: `v1:${'a'.repeat(64)}`,
    incident_key: `v1:${'a'.repeat(64)}`,
    payload: {
      summary:
        'checkout-1 status check: Threshold Crossed: 2 datapoints were greater than or equal to the threshold (1.0).',
      source: alarmArn,
      severity: 'error',
      timestamp: '2026-11-02T03:00:04.215Z',
      component: 'AWS/EC2',
      group: 'checkout-1 status check',
      class: 'StatusCheckFailed',
      custom_details: {},
    },
    links: [],
    origin: {
      format: 'cloudwatch',
      event_id: '5e3b1c1e-6d3b-4a4f-9a3a-0f6f3c7d0a01',
      account: '123456789012',
      region: 'eu-central-1',
      received_at: '2026-11-02T03:00:05.000Z',
      transitioned_at: '2026-11-02T03:00:04.215Z',
    },
    resource: { type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' },
    ...wishes,
  };
  return severity ? { ...alert, payload: { ...alert.payload, severity } } : alert;
}
