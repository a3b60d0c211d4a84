import type { Finding, TimelineEntry } from '../incident.ts';
import { cutText, oneLine } from './plain-text.ts';

/** What needs a look comes first. */
const ranks: Readonly<Record<Finding['verdict'], number>> = { unhealthy: 0, unknown: 1, failed: 2, healthy: 3 };

const maxSummaryLength = 500;

/** One finding on one line, such as `unhealthy: instance-status: The instance does not answer.` */
export function findingLine({ verdict, diagnostic, summary }: Finding): string {
  return `${verdict}: ${oneLine(diagnostic)}: ${cutText(oneLine(summary), maxSummaryLength)}`;
}

/** Every finding of a timeline, what needs a look first. */
export function findingLinesOf(timeline: readonly TimelineEntry[]): string[] {
  const findings = timeline.flatMap((entry) => entry.findings ?? []);
  return findings.sort((a, b) => ranks[a.verdict] - ranks[b.verdict]).map(findingLine);
}

/** What a line says in a sentence; findings are listed beside it and only counted here. */
export function sentenceOf(entry: TimelineEntry): string {
  const findings = entry.findings ?? [];
  if (entry.kind !== 'diagnosed' || findings.length === 0) return plainSentence(entry.text);
  const unhealthy = findings.filter((finding) => finding.verdict === 'unhealthy').length;
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}, ${unhealthy} of them unhealthy.`;
}

function plainSentence(text: string): string {
  return cutText(oneLine(text), 2000);
}
