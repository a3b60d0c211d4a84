import type { EventAction, Severity } from '../../../domain/alert.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { readSenderTime } from '../event-time.ts';
import { isRecord, readOptional } from '../fields.ts';
import { poison, webhookAlert } from '../webhook-alert.ts';
import type { Receipt, WebhookFormat } from '../webhook-format.ts';

type Fields = Readonly<Record<string, unknown>>;

/** `state` of a workflow's issue, or `current_state` of the older notification channels, in lower case. */
const actions: ReadonlyMap<string, EventAction> = new Map([
  ['created', 'trigger'],
  ['activated', 'trigger'],
  ['open', 'trigger'],
  ['acknowledged', 'acknowledge'],
  ['closed', 'resolve'],
]);

/** `priority` of an issue, or `severity` of the older channels, in lower case. */
const severitiesByPriority: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['high', 'error'],
  ['warning', 'warning'],
  ['medium', 'warning'],
  ['low', 'info'],
  ['info', 'info'],
]);

/**
 * New Relic's webhook destination with its default template, by the issue's id; or a notification channel of before
 * workflows, by the incident's id. https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/
 */
export const newRelicFormat: WebhookFormat = {
  name: 'new-relic',
  split: (body) => {
    if (!isRecord(body)) return { kind: 'invalid', errors: [{ path: '', message: 'The body is not a JSON object.' }] };
    const errors = errorsOf(body);
    return errors.length > 0 ? { kind: 'invalid', errors } : { kind: 'pieces', pieces: [body] };
  },
  normalise: (piece, receipt) => {
    const errors = errorsOf(piece);
    return errors.length > 0 ? poison(errors) : alertOf(piece, receipt);
  },
};

function errorsOf(body: Fields): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (!keyOf(body)) errors.push({ path: 'id', message: 'is missing or not a string, and so is incident_id' });
  const state = stateOf(body);
  if (!actions.has(state))
    errors.push({ path: 'state', message: `is ${state || 'missing'}; expected ${[...actions.keys()].join(', ')}` });
  return errors;
}

function stateOf(body: Fields): string {
  return (readOptional(body, 'state') ?? readOptional(body, 'current_state') ?? '').toLowerCase();
}

function keyOf(body: Fields): readonly string[] | undefined {
  const issue = readOptional(body, 'id') ?? readOptional(body, 'issueId');
  if (issue) return ['issue', issue];
  const incident = body['incident_id'];
  const isId = (typeof incident === 'string' && incident !== '') || typeof incident === 'number';
  return isId ? ['incident', String(incident)] : undefined;
}

function alertOf(piece: Fields, receipt: Receipt): Normalised {
  const action = actions.get(stateOf(piece)) ?? 'trigger';
  const condition = first(piece, ['alertConditionNames', 'condition_name']);
  const entity = first(piece, ['impactedEntities']) ?? readOptional(piece, 'targets.0.name');
  return webhookAlert(
    {
      format: 'new-relic',
      action,
      key: keyOf(piece) ?? [],
      summary: first(piece, ['title', 'details', 'condition_name']) ?? condition ?? 'Issue in New Relic',
      source: entity ?? first(piece, ['account_name']) ?? 'New Relic',
      severity: severitiesByPriority.get(first(piece, ['priority', 'severity'])?.toLowerCase() ?? '') ?? 'error',
      at: readSenderTime(piece[timeMember(piece, action)]),
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

/** An issue is told again while it grows: only its end, and who takes it, are changes of their own. */
function timeMember(piece: Fields, action: EventAction): string {
  if (piece['timestamp'] !== undefined) return 'timestamp';
  return action === 'trigger' ? 'createdAt' : 'updatedAt';
}

/** The first text among members that are text or lists of text. */
function first(piece: Fields, names: readonly string[]): string | undefined {
  const texts = names.map((name) => readOptional(piece, name) ?? readOptional(piece, `${name}.0`));
  return texts.find((text) => text);
}
