import type { IncidentStore } from '../adapters/incident-store.ts';
import type { Alert } from '../domain/alert.ts';
import { fitFinding } from '../domain/fit-finding.ts';
import type { Finding } from '../domain/incident.ts';
import type { Diagnostic, DiagnosticOptions } from './diagnostic.ts';

export interface DiagnoseRequest {
  readonly incident_id: string;
  readonly runbook: string;
  readonly alert: Alert;
  /** The diagnostics to run, all at once: a name, or a name with what the diagnostic is told. */
  readonly diagnostics: readonly RequestedDiagnostic[];
  /** Findings that the runbook made by itself, told together with the others. */
  readonly findings?: readonly Finding[];
}

export type RequestedDiagnostic = string | (DiagnosticOptions & { readonly name: string });

export interface DiagnosePorts {
  readonly incidents: Pick<IncidentStore, 'record'>;
  readonly diagnostics: Readonly<Record<string, Diagnostic>>;
}

/** Runs every diagnostic; one that fails becomes a finding and never stops the rest. Records them, which tells people. */
export async function diagnose(
  request: DiagnoseRequest,
  { incidents, diagnostics }: DiagnosePorts,
  now: Date,
): Promise<{ findings: Finding[] }> {
  const made = await Promise.all(request.diagnostics.map((asked) => run(asked, diagnostics, request.alert, now)));
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

async function run(
  asked: RequestedDiagnostic,
  diagnostics: DiagnosePorts['diagnostics'],
  alert: Alert,
  now: Date,
): Promise<Finding> {
  const { name, ...options } = typeof asked === 'string' ? { name: asked } : asked;
  const diagnostic = Object.hasOwn(diagnostics, name) ? diagnostics[name] : undefined;
  if (!diagnostic) return { diagnostic: name, verdict: 'failed', summary: `There is no diagnostic called ${name}.` };
  try {
    return { diagnostic: name, ...(await diagnostic(alert, now, options)) };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { diagnostic: name, verdict: 'failed', summary: `${name} could not be looked at (${why}).` };
  }
}
