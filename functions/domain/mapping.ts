/** The fields that a mapping must have. */
export const neededMappings = ['dedup_key', 'summary'] as const;

/** The fields that it may have. `alerts` says where the alerts are in a body; without it the body is one alert. */
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

/**
 * What of a body becomes which field of an alert: JSONata expressions, by the names of the PagerDuty Common Event Format.
 * All but `alerts` see one alert as `$`, and the whole body as `$body`.
 */
export type Mapping = Readonly<Record<(typeof neededMappings)[number], string>> &
  Readonly<Partial<Record<(typeof possibleMappings)[number], string>>>;

/** Where a mapped alert says which of its expressions failed. */
export const failedMember = 'mapping_failed';
