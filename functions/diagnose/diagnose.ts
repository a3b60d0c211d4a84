import type { IncidentStore } from '../adapters/incident-store.ts';
import type { Alert } from '../domain/alert.ts';
import { fitFinding } from '../domain/fit-finding.ts';
import type { Finding } from '../domain/incident.ts';
import type { Diagnostic } from './diagnostic.ts';

export interface DiagnoseRequest {
  readonly incident_id: string;
  readonly runbook: string;
  readonly alert: Alert;
  /** Names of the diagnostics to run, all at once. */
  readonly diagnostics: readonly string[];
  /** Findings that the runbook made by itself, told together with the others. */
  readonly findings?: readonly Finding[];
}

export interface DiagnosePorts {
  readonly incidents: IncidentStore;
  readonly diagnostics: Readonly<Record<string, Diagnostic>>;
}

/** Runs every diagnostic; one that fails becomes a finding and never stops the rest. Records them, which tells people. */
export async function diagnose(
  request: DiagnoseRequest,
  { incidents, diagnostics }: DiagnosePorts,
  now: Date,
): Promise<{ findings: Finding[] }> {
  const made = await Promise.all(request.diagnostics.map((name) => run(name, diagnostics[name], request.alert, now)));
  const findings = [...made, ...(request.findings ?? [])].map(fitFinding);
  const entry = {
    id: 'diagnosed',
    kind: 'diagnosed' as const,
    by: `runbook:${request.runbook}`,
    text: findings.map((finding) => finding.summary).join(' '),
    findings,
  };
  await incidents.record(request.incident_id, () => ({ entry, patch: {} }), now);
  return { findings };
}

async function run(name: string, diagnostic: Diagnostic | undefined, alert: Alert, now: Date): Promise<Finding> {
  if (!diagnostic) return { diagnostic: name, verdict: 'failed', summary: `There is no diagnostic called ${name}.` };
  try {
    return { diagnostic: name, ...(await diagnostic(alert, now)) };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { diagnostic: name, verdict: 'failed', summary: `${name} could not be looked at (${why}).` };
  }
}
