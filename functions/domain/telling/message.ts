import type { EntryKind } from '../incident.ts';
import type { Button } from './buttons.ts';
import type { Link } from './links.ts';
import type { Urgency } from './telling-rules.ts';

/**
 * What there is to say, before any channel shapes it. `headline`, `urgency`, `happened` and `thread` belong to one line
 * of the timeline; everything else shows the incident as it stands now, so that a late line never tells an old state.
 * All text is free of control, zero-width and direction characters; escaping is the renderer's.
 */
export interface Message {
  readonly incidentId: string;
  readonly entryId: string;
  readonly kind: EntryKind;
  readonly urgency: Urgency;
  /** `[P2] TRIGGERED: …` of the line: what a lock screen shows, at most 100 characters. */
  readonly headline: string;
  /** What the line says, in a sentence. */
  readonly happened: string;
  /** `[P2] REPAIRING: …` of the incident as it stands now. */
  readonly status: string;
  /** Who, what and where, as label and value. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Paragraphs: what the alert says, and what happened last. */
  readonly summary: readonly string[];
  readonly findings: readonly string[];
  /** What was changed, with its time; empty when nothing was. */
  readonly changed: readonly string[];
  /** Who did what, with its time. */
  readonly people: readonly string[];
  /** What happens now, and what a person has to do. */
  readonly next: string;
  /** The runbook's steps for a person who has to take over or to approve; empty for everybody else. */
  readonly byHand: readonly string[];
  readonly buttons: readonly Button[];
  /** To AWS alone. */
  readonly links: readonly Link[];
  /** Where else the alert's sender points: text, and never made clickable. */
  readonly senderLinks: readonly string[];
  /** The line for the thread; undefined where the message itself says it all. */
  readonly thread: ThreadDetail | undefined;
  /** The whole timeline, where a publication of this line carries it. */
  readonly timeline: string | undefined;
  /** Why the incident cannot be shown, where this is the least that can be said of it. For the log alone. */
  readonly problem?: string;
}

/** One line of the timeline, for the thread below the message. */
export interface ThreadDetail {
  readonly title: string;
  readonly text: string;
  readonly findings: readonly string[];
  /** When, how long after the opening, and who. */
  readonly byline: string;
  readonly timeline: string | undefined;
}
