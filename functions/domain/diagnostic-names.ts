/** The diagnostics that `diagnose` knows by name. */
export const diagnosticNames = [
  'announced-changes',
  'aws-health',
  'console-output',
  'instance-status',
  'logs-insights',
  'metric-around-alarm',
  'recent-changes',
  'recent-deployments',
  'restart-safety',
  'scheduled-events',
] as const;
export type DiagnosticName = (typeof diagnosticNames)[number];
