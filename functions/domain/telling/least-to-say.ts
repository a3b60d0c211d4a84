import type { Incident, TimelineEntry } from '../incident.ts';
import type { Message } from './message.ts';
import { cutText, oneLine } from './plain-text.ts';
import { tellingRules } from './telling-rules.ts';

/**
 * What is said of a line whose incident cannot be shown, such as one that another version of Handsoff wrote: that it
 * happened, and where the rest is. Nobody goes without a call because a field is missing, so nothing of the incident is
 * taken for granted but its id.
 */
export function leastToSay(incident: Incident, entry: TimelineEntry, problem: string): Message {
  const { word, urgency, thread } = tellingRules[entry.kind];
  const headline = `${word}: incident ${incident.id}`;
  const happened = textOr(entry.text, 'What happened is not written down.');
  const facts = Object.entries({ Service: incident.service, Runbook: incident.runbook, About: incident.title });
  return {
    incidentId: incident.id,
    entryId: entry.id,
    kind: entry.kind,
    // Whether it can wait is one of the things that cannot be relied on.
    urgency,
    headline,
    happened,
    status: headline,
    facts: facts.map(([label, value]) => [label, cutText(textOr(value, 'unknown'), 200)]),
    // What has a line in the thread is said there.
    summary: thread ? [] : [happened],
    findings: [],
    changed: [],
    people: [],
    next: 'Handsoff cannot show this incident. Look at its rows in the incident table, and at the resource by hand.',
    byHand: [],
    buttons: [],
    links: [],
    senderLinks: [],
    thread: thread ? { title: word, text: happened, findings: [], byline: entry.id, timeline: undefined } : undefined,
    timeline: undefined,
    problem,
  };
}

function textOr(value: unknown, otherwise: string): string {
  return (typeof value === 'string' && cutText(oneLine(value), 2000)) || otherwise;
}
