import type { AlertResource } from '../../../domain/alert.ts';

/** One thing that somebody deployed. */
export interface FoundDeployment {
  /** For people: `alias live to version 42`. */
  readonly what: string;
  /** Who did it, as the service names them. */
  readonly by: string;
  readonly at: Date;
}

/** What was deployed to a resource between two times. Throws when it cannot be read. */
export type ReadDeployments = (resource: AlertResource, from: Date, to: Date) => Promise<readonly FoundDeployment[]>;
