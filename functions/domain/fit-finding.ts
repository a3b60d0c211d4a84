import type { Finding } from './incident.ts';
import { withoutSecrets } from './secret-text.ts';
import { cutBytes, cutText } from './telling/plain-text.ts';

/** Bytes of evidence kept for one finding: a runbook's whole state must stay far below 256 KiB. */
const maxEvidenceBytes = 4096;
/** What is said of a cut is kept beside it. */
const roomAroundCut = 100;
const maxSummaryLength = 500;

/**
 * Cuts a finding to what an incident keeps, and says where it was cut and how much there was. Secrets that a console or a
 * command printed are taken out: a finding goes to the table, to chat and to e-mail.
 */
export function fitFinding(finding: Finding): Finding {
  const summary = cutText(withoutSecrets(finding.summary), maxSummaryLength);
  if (finding.evidence === undefined) return { ...finding, summary };
  const text = JSON.stringify(finding.evidence, (_, value) =>
    typeof value === 'string' ? withoutSecrets(value) : value,
  );
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxEvidenceBytes) return { ...finding, summary, evidence: JSON.parse(text) };
  return { ...finding, summary, evidence: { cut: cutBytes(text, maxEvidenceBytes - roomAroundCut, ''), bytes } };
}
