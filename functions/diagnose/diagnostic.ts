import type { Alert } from '../domain/alert.ts';
import type { Finding } from '../domain/incident.ts';

/** What a runbook's definition says beside a diagnostic's name, such as `{ "log_group": … }`. Nothing of an event is in it. */
export type DiagnosticOptions = Readonly<Record<string, unknown>>;

/** Looks at one thing and says what it learned; throws when it cannot look. Changes nothing. */
export type Diagnostic = (alert: Alert, now: Date, options?: DiagnosticOptions) => Promise<Omit<Finding, 'diagnostic'>>;

/** Raised when a definition tells a diagnostic something that it does not take. */
export class DiagnosticOptionsError extends Error {
  override readonly name = 'DiagnosticOptionsError' as const;
}
