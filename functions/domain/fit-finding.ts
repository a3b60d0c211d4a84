import type { Finding } from './incident.ts';
import { withoutSecrets } from './secret-text.ts';

/** Bytes of evidence kept for one finding: a runbook's whole state must stay far below 256 KiB. */
const maxEvidenceBytes = 4096;
const maxSummaryCharacters = 500;

/**
 * Cuts a finding to what an incident keeps, and says where it was cut and how much there was. Secrets that a console or a
 * command printed are taken out: a finding goes to the table, to chat and to e-mail.
 */
export function fitFinding(finding: Finding): Finding {
  const summary = Array.from(withoutSecrets(finding.summary)).slice(0, maxSummaryCharacters).join('');
  if (finding.evidence === undefined) return { ...finding, summary };
  const text = JSON.stringify(finding.evidence, (_, value) =>
    typeof value === 'string' ? withoutSecrets(value) : value,
  );
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxEvidenceBytes) return { ...finding, summary, evidence: JSON.parse(text) };
  const kept = new TextDecoder()
    .decode(new TextEncoder().encode(text).slice(0, maxEvidenceBytes - 100))
    .replace(/\uFFFD+$/, '');
  return { ...finding, summary, evidence: { cut: kept, bytes } };
}
