import { Help } from 'commander';
import type { Incident, TimelineEntry } from '../functions/domain/incident.ts';
import { cutText, oneLine } from '../functions/domain/telling/plain-text.ts';
import { showDuration } from './duration.ts';
import { paint } from './paint.ts';

const marks: Readonly<
  Partial<Record<TimelineEntry['kind'], [style: 'green' | 'red' | 'yellow' | 'cyan', mark: string]>>
> = {
  triggered: ['red', '▲'],
  diagnosed: ['cyan', '●'],
  'needs-human': ['red', '☎'],
  escalated: ['red', '☎'],
  'approval-requested': ['yellow', '?'],
  'automation-started': ['yellow', '►'],
  resolved: ['green', '✓'],
};

/** One entry of a timeline, whole: its time, how long after the start, what and by whom; findings below it. */
export function showEntry(entry: TimelineEntry, since: Date, width = process.stdout.columns): string {
  const [style, mark] = marks[entry.kind] ?? ['cyan', '·'];
  const after = showDuration(Date.parse(entry.at) - since.getTime()).padStart(9);
  const head = `  ${paint('dim', `${entry.at.slice(11, 19)} ${after}`)}  ${paint(style, mark)} ${paint('bold', entry.kind.padEnd(19))} `;
  const by = oneLine(entry.by);
  if (!entry.findings) {
    const text = oneLine(entry.text);
    return head + wrap(by === 'handsoff' ? text : `${text} · by ${by}`, width);
  }
  const findings = entry.findings.map(
    ({ diagnostic, summary }) =>
      `${' '.repeat(24)}${paint('dim', diagnostic.padEnd(19))} ${wrap(oneLine(summary), width)}`,
  );
  return [head + paint('dim', `by ${by}`), ...findings].join('\n');
}

/** Shows the lines of many incidents as they are written: whose they are is said wherever that changes. */
export function showEntriesOfMany(): (entry: TimelineEntry, incidentId: string) => string {
  const opened = new Map<string, Date>();
  let last = '';
  return (entry, incidentId) => {
    const since = opened.get(incidentId) ?? new Date(entry.at);
    opened.set(incidentId, since);
    const head = incidentId === last ? '' : `  ${paint('dim', incidentId)}\n`;
    last = incidentId;
    return head + showEntry(entry, since);
  };
}

/** A whole incident for a person; `option` is what the commands need that answer what it asks, such as ` --port 9000`. */
export function showIncident(incident: Incident, timeline: readonly TimelineEntry[], option = ''): string {
  const { id, priority, status, service, runbook, mode, title } = incident;
  const head = [
    paint('bold', `${priority} ${oneLine(title)}`),
    `${id} · ${status} · service ${service} · runbook ${runbook} (${mode})`,
    '',
  ];
  const approval = timeline.findLast((entry) => entry.approval)?.approval;
  const question = approval && incident.remediation === 'awaiting-approval' ? ['', answerHint(approval, option)] : [];
  return [...head, ...timeline.map((entry) => showEntry(entry, new Date(incident.opened_at))), ...question].join('\n');
}

/** A line of a list of incidents. */
export function showIncidentLine({ id, priority, status, remediation, title, opened_at }: Incident): string {
  const style = status === 'resolved' ? 'green' : 'red';
  return `${id}  ${priority}  ${paint(style, status.padEnd(12))}  ${remediation.padEnd(17)}  ${opened_at.slice(0, 19)}Z  ${cutText(oneLine(title), 80)}`;
}

function answerHint({ id, approvers }: NonNullable<TimelineEntry['approval']>, option: string): string {
  const answer = (button: string) => `\n  npx handsoff ${button} ${id} --as ${approvers[0] ?? '<approver>'}${option}`;
  return `It waits for an answer:${answer('approve')}${answer('refuse')}`;
}

/** Where the text of an entry begins. */
const textColumn = 44;

/** Breaks a text between words so that it stays in its column of a terminal; where there is none it stays one line. */
function wrap(text: string, width = 0): string {
  return breaking.boxWrap(text, width - textColumn).replaceAll('\n', `\n${' '.repeat(textColumn)}`);
}

/** A column narrower than this is left to the terminal. */
const breaking = Object.assign(new Help(), { minWidthToWrap: 30 });
