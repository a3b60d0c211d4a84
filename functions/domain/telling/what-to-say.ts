import { type EntryKind, type Incident, severityOf, type TimelineEntry } from '../incident.ts';
import { buttonsFor } from './buttons.ts';
import { clockTimeOf, elapsedBetween } from './clock-time.ts';
import { findingLine, findingLinesOf, sentenceOf } from './finding-line.ts';
import { headlineOf } from './headline.ts';
import { leastToSay } from './least-to-say.ts';
import { linksOf, senderLinksOf } from './links.ts';
import type { Message, ThreadDetail } from './message.ts';
import { nextStepOf } from './next-step.ts';
import { cutText, oneLine } from './plain-text.ts';
import { renderTimeline } from './render-timeline.ts';
import { standingOf, statusWordOf } from './status.ts';
import { tellingRules, urgencyOf } from './telling-rules.ts';

/** What each of these lines says that a person did; by automation they are no deed of a person. */
const deeds: Readonly<Partial<Record<EntryKind, string>>> = {
  acknowledged: 'acknowledged',
  approved: 'approved the change',
  'approval-refused': 'refused the change',
  resolved: 'resolved it',
};

/** The lines that say that a system was changed, or changed back. */
const changes: readonly EntryKind[] = ['automation-started', 'automation-failed', 'undone', 'contained'];

/** What was changed, with its time. A repair that was refused after it had taken its target changed nothing. */
function changedBy(timeline: readonly TimelineEntry[]): string[] {
  const refusedAt = timeline.findLastIndex(({ kind }) => kind === 'remediation-refused');
  return timeline
    .filter(({ kind }, index) => changes.includes(kind) && !(kind === 'automation-started' && index < refusedAt))
    .map((change) => `${clockTimeOf(change.at)}: ${sentenceOf(change)}`);
}

/**
 * What there is to say about one line of an incident's timeline. Pure, and never throws; `incident` and `timeline` are
 * the newest there are, `entry` may be an older one of it; `how` is the runbook's way to do it by hand. Links lead to AWS
 * alone; a sender's own are text. An incident that cannot be shown is told of all the same: the `problem` says why.
 */
export function whatToSay(
  incident: Incident,
  timeline: readonly TimelineEntry[],
  entry: TimelineEntry,
  how: readonly string[] = [],
): Message {
  try {
    return allThereIs(incident, timeline, entry, how);
  } catch (error) {
    return leastToSay(incident, entry, String(error));
  }
}

function allThereIs(
  incident: Incident,
  timeline: readonly TimelineEntry[],
  entry: TimelineEntry,
  how: readonly string[],
): Message {
  const { word, timelineIn } = tellingRules[entry.kind];
  return {
    incidentId: incident.id,
    entryId: entry.id,
    kind: entry.kind,
    urgency: urgencyOf(entry.kind, incident, entry.at),
    headline: headlineOf(incident, word),
    happened: entry.kind === 'triggered' ? fromSender(sentenceOf(entry)) : sentenceOf(entry),
    status: headlineOf(incident, statusWordOf(incident, timeline)),
    facts: factsOf(incident),
    summary: summaryOf(incident, timeline),
    findings: findingLinesOf(timeline),
    changed: changedBy(timeline),
    people: timeline.flatMap(deedOf),
    next: nextStepOf(incident, timeline),
    buttons: buttonsFor(incident, timeline),
    byHand: byHandOf(incident, timeline, how),
    links: linksOf(incident.alert),
    senderLinks: senderLinksOf(incident.alert),
    thread: threadOf(incident, timeline, entry),
    timeline: timelineIn === 'publish' ? renderTimeline(incident, timeline) : undefined,
  };
}

const maxSteps = 8;

/** A person needs them who has to do it, or who is asked whether it may be done. */
function byHandOf(incident: Incident, timeline: readonly TimelineEntry[], how: readonly string[]): string[] {
  if (!['needs-human', 'awaiting-approval'].includes(standingOf(incident, timeline))) return [];
  return how.slice(0, maxSteps).map((step) => cutText(oneLine(step), 300));
}

function factsOf(incident: Incident): [string, string][] {
  const { service, runbook, mode, alert, opened_at } = incident;
  const facts: [string, string][] = [
    ['Service', service],
    ['Runbook', `${runbook} (${mode})`],
    ['Resource', `${alert.resource.type} ${alert.resource.id}`],
    ['Where', `${alert.origin.account}, ${alert.origin.region}`],
    ['Severity', severityOf(incident)],
    ['Since', `${opened_at.slice(0, 10)} ${clockTimeOf(opened_at)}`],
  ];
  return facts.map(([label, value]) => [label, cutText(oneLine(value), 200)]);
}

function summaryOf({ alert }: Incident, timeline: readonly TimelineEntry[]): string[] {
  const last = timeline.at(-1);
  const summary = fromSender(oneLine(alert.payload.summary));
  return last && last.kind !== 'triggered' ? [summary, `${clockTimeOf(last.at)}: ${sentenceOf(last)}`] : [summary];
}

/** On one line, and named: no sender's text may look like a part of ours. */
function fromSender(text: string): string {
  return `Alert: ${text}`;
}

function deedOf({ kind, by, at }: TimelineEntry): string[] {
  const deed = deeds[kind];
  if (!deed || by === 'handsoff' || by.startsWith('runbook:')) return [];
  return [`${clockTimeOf(at)}: ${cutText(oneLine(by), 100)} ${deed}.`];
}

function threadOf(
  incident: Incident,
  timeline: readonly TimelineEntry[],
  entry: TimelineEntry,
): ThreadDetail | undefined {
  const { word, thread, timelineIn } = tellingRules[entry.kind];
  if (!thread) return undefined;
  return {
    title: word,
    text: sentenceOf(entry),
    findings: (entry.findings ?? []).map(findingLine),
    byline: `${clockTimeOf(entry.at)}, ${elapsedBetween(incident.opened_at, entry.at)}, ${cutText(oneLine(entry.by), 100)}`,
    timeline: timelineIn === 'thread' ? renderTimeline(incident, timeline) : undefined,
  };
}
