import type { Alert } from '../domain/alert.ts';
import type { Finding } from '../domain/incident.ts';

/** Looks at one thing and says what it learned; throws when it cannot look. Changes nothing. */
export type Diagnostic = (alert: Alert, now: Date) => Promise<Omit<Finding, 'diagnostic'>>;
