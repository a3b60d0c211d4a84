import { cutText, oneLine } from '../../functions/domain/telling/plain-text.ts';
import type { Agreement } from '../../functions/domain/track-record.ts';
import { paint } from '../paint.ts';
import type { Evidence } from './evidence.ts';

/** The evidence as lines, oldest first, and the sum of it. */
export function showEvidence(id: string, evidence: readonly Evidence[]): string[] {
  if (evidence.length === 0) return [`No incident of the last 90 days had ${id} change or propose anything.`];
  const observed = evidence.filter(({ ending }) => ending === 'proposed');
  const count = (agreement: Agreement) => observed.filter((each) => each.agreement === agreement).length;
  const unknown = observed.filter(({ agreement }) => agreement === undefined).length;
  const notMade = evidence.filter(({ ending }) => ending === 'refused' || ending === 'awaiting-approval').length;
  const made = evidence.length - observed.length - notMade;
  const recovered = evidence.filter(({ ending }) => ending === 'recovered').length;
  return [
    paint('bold', `${id}, the last 90 days`),
    ...evidence.flatMap(showOne),
    '',
    ...(observed.length > 0
      ? [
          `Observed ${observed.length}: people did the same ${count('same')}, something else ${count('different')}, nothing ${count('nothing')}${unknown > 0 ? `, what they did is not known ${unknown}` : ''}.`,
        ]
      : []),
    ...(made > 0 ? [`Repaired ${made}: recovered ${recovered}.`] : []),
    ...(notMade > 0 ? [`Not repaired ${notMade}: a guard refused, or nobody agreed.`] : []),
  ];
}

function showOne({
  opened_at,
  incident_id,
  ending,
  action,
  answered_by,
  people_did,
  recorded_elsewhere,
  agreement,
}: Evidence): string[] {
  const style =
    agreement === 'different' || ['failed', 'undone', 'not-helped', 'unproven'].includes(ending) ? 'red' : 'green';
  const people = people_did?.map(({ event_name, by }) => `${event_name} by ${by}`).join(', ');
  return [
    `  ${opened_at.slice(0, 16)}Z  ${incident_id}  ${paint(style, agreement ?? ending)}`,
    `      ${paint('dim', 'runbook')}  ${cutText(oneLine(action), 160)}${answered_by ? ` (answered by ${answered_by})` : ''}`,
    `      ${paint('dim', 'people')}   ${people_did ? people || 'changed nothing' : `not known${recorded_elsewhere ? `: ${recorded_elsewhere}` : ''}`}`,
  ];
}
