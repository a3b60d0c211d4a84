import { isEventAction } from '../../../domain/alert.ts';
import { type Fields, readOptional } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { issueAction, issueChange, unknownState } from '../new-relic-issue.ts';
import { severityNamed } from '../sender-words.ts';
import { webhookAlert } from '../webhook-alert.ts';
import { formatOfOne, type Receipt } from '../webhook-format.ts';

/**
 * New Relic's webhook destination with its default template, by the issue's id; or a notification channel of before
 * workflows, by the incident's id. https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/
 */
export const newRelicFormat = formatOfOne('new-relic', errorsOf, alertOf);

function errorsOf(body: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (!keyOf(body)) errors.push({ path: 'id', message: 'is missing or not a string, and so is incident_id' });
  const state = stateOf(body);
  if (!issueAction(state)) errors.push({ path: 'state', message: unknownState(state) });
  return errors;
}

function stateOf(body: Fields): string {
  return readOptional(body, 'state') ?? readOptional(body, 'current_state') ?? '';
}

function keyOf(body: Fields): readonly string[] | undefined {
  const issue = readOptional(body, 'id') ?? readOptional(body, 'issueId');
  if (issue) return ['issue', issue];
  const incident = body['incident_id'];
  const isId = (typeof incident === 'string' && incident !== '') || typeof incident === 'number';
  return isId ? ['incident', String(incident)] : undefined;
}

function alertOf(piece: Fields, receipt: Receipt): Normalised {
  const action = issueAction(stateOf(piece));
  if (!isEventAction(action)) return { kind: 'noise', reason: 'informational' };
  const severity = severityNamed(first(piece, ['priority', 'severity'])) ?? 'error';
  const condition = first(piece, ['alertConditionNames', 'condition_name']);
  const entity = first(piece, ['impactedEntities']) ?? readOptional(piece, 'targets.0.name');
  return webhookAlert(
    {
      format: 'new-relic',
      action,
      key: keyOf(piece) ?? [],
      summary: first(piece, ['title', 'details', 'condition_name']) ?? condition ?? 'Issue in New Relic',
      source: entity ?? first(piece, ['account_name']) ?? 'New Relic',
      severity,
      ...issueChange(piece, action, severity),
      component: entity,
      group: first(piece, ['alertPolicyNames', 'policy_name']),
      class: condition,
      details: piece,
      links: [
        { href: first(piece, ['issueUrl', 'incident_url']), text: 'Issue in New Relic' },
        { href: readOptional(piece, 'runbook_url'), text: 'Runbook' },
      ],
      resources: [entity],
    },
    receipt,
  );
}

/** The first text among members that are text or lists of text. */
function first(piece: Fields, names: readonly string[]): string | undefined {
  const texts = names.map((name) => readOptional(piece, name) ?? readOptional(piece, `${name}.0`));
  return texts.find((text) => text);
}
