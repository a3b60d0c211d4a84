/** What of a body becomes which field of an alert: JSONata expressions, by the names of the PagerDuty Common Event Format. */
export interface Mapping {
  /** Where the alerts are in a body; without it the body is one alert. The other expressions see one alert as `$`, and the whole body as `$body`. */
  readonly alerts?: string;
  readonly dedup_key: string;
  readonly summary: string;
  readonly event_action?: string;
  readonly severity?: string;
  readonly source?: string;
  readonly timestamp?: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly custom_details?: string;
  readonly link?: string;
  readonly resource?: string;
}

/** The fields that a mapping must have. */
export const neededMappings = ['dedup_key', 'summary'] as const;

/** The fields that it may have. */
export const possibleMappings = [
  'alerts',
  'event_action',
  'severity',
  'source',
  'timestamp',
  'component',
  'group',
  'class',
  'custom_details',
  'link',
  'resource',
] as const;

/** Where a mapped alert says which of its expressions failed. */
export const failedMember = 'mapping_failed';
