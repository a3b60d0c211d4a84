import type { Incident, TimelineEntry } from '../incident.ts';
import { clockTimeOf, elapsedBetween } from './clock-time.ts';
import { findingLine, sentenceOf } from './finding-line.ts';
import { headlineOf } from './headline.ts';
import { cutText, oneLine } from './plain-text.ts';
import { statusWordOf } from './status.ts';
import { tellingRules } from './telling-rules.ts';

/**
 * The timeline as a person reads it: when in UTC, how long after the opening, what, and who. Findings stand below the
 * line that brought them. Outside text is stripped of what hides or reorders text; escaping is left to the channel.
 */
export function renderTimeline(incident: Incident, timeline: readonly TimelineEntry[]): string {
  const opened = `opened ${incident.opened_at.slice(0, 10)} ${clockTimeOf(incident.opened_at)}`;
  const head = [
    headlineOf(incident, statusWordOf(incident, timeline)),
    `${incident.id}, ${oneLine(incident.service)}, ${opened}`,
    '',
  ];
  const lines = timeline.flatMap((entry, index) => [
    ...newDay(timeline[index - 1]?.at ?? incident.opened_at, entry.at),
    entryLine(incident, entry),
    ...(entry.findings ?? []).map((finding) => `    - ${findingLine(finding)}`),
  ]);
  return [...head, ...lines].join('\n');
}

function entryLine(incident: Incident, entry: TimelineEntry): string {
  const when = `${clockTimeOf(entry.at)} ${elapsedBetween(incident.opened_at, entry.at)}`;
  return `${when} ${tellingRules[entry.kind].word}: ${sentenceOf(entry)} (${cutText(oneLine(entry.by), 100)})`;
}

function newDay(before: string, at: string): string[] {
  return before.slice(0, 10) === at.slice(0, 10) ? [] : [`-- ${at.slice(0, 10)} --`];
}
