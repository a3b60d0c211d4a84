import type { DeployedConfig } from '../../domain/deployed-config.ts';
import type { Here } from '../../domain/triage/is-elsewhere.ts';

/** What Handsoff hears by itself, so that a copy of it tells nothing new. */
export interface Hearing extends Pick<DeployedConfig, 'aws_events'> {
  /** Where Handsoff is deployed. @default - where each event is from */
  readonly here?: Here | undefined;
}
