import type { AlertResource } from '../../domain/alert.ts';
import { type Fields, read, readOptional, stringsIn } from '../../domain/fields.ts';
import type { FieldError, Normalised } from '../../domain/normalised.ts';
import { cutText } from '../../domain/telling/plain-text.ts';
import { eventAlert } from './event-alert.ts';
import { readEnvelope } from './event-envelope.ts';
import { issueAction, issueChange, unknownState } from './new-relic-issue.ts';
import { resourceOfArn } from './resource-of-arn.ts';
import { severityNamed } from './sender-words.ts';

/**
 * Reads an issue from New Relic's partner bus, as the default template of a workflow's EventBridge destination has it.
 * The template must keep `id`, `state` and `title`.
 */
export function normaliseNewRelicPartner(event: Fields, receivedAt: Date): Normalised {
  const errors: FieldError[] = [];
  const envelope = readEnvelope(event, errors);
  const { detail } = envelope;
  const id = read(event, 'detail.id', errors);
  const title = read(event, 'detail.title', errors);
  const state = read(event, 'detail.state', errors);
  const action = issueAction(state);
  if (state && !action) errors.push({ path: 'detail.state', message: unknownState(state) });
  if (errors.length > 0 || !action) return { kind: 'poison', errors };
  if (action === 'noise') return { kind: 'noise', reason: 'informational' };
  const severity = severityNamed(readOptional(detail, 'priority')) ?? 'error';
  const { at, change } = issueChange(detail, action, severity);
  const entities = stringsIn(detail['impactedEntities']);
  const parts = {
    format: 'new-relic-partner',
    action,
    key: ['new-relic', accountOf(envelope.source), id],
    summary: title,
    severity,
    change,
    at,
    source: envelope.source,
    component: 'New Relic',
    group: stringsIn(detail['alertPolicyNames'])[0],
    class: stringsIn(detail['alertConditionNames'])[0],
    details: {
      issue_id: id,
      state,
      priority: readOptional(detail, 'priority'),
      trigger: readOptional(detail, 'trigger'),
      workflow: readOptional(detail, 'workflowName'),
      impacted_entities: entities.slice(0, 20).map((name) => cutText(name, 255)),
      policies: stringsIn(detail['alertPolicyNames']).slice(0, 20),
      conditions: stringsIn(detail['alertConditionNames']).slice(0, 20),
    },
    links: [{ href: readOptional(detail, 'issueUrl'), text: 'Issue in New Relic' }],
    resource: resourceOf(entities, id),
  };
  return eventAlert(envelope, parts, receivedAt);
}

/** A partner's source is `aws.partner/newrelic.com/<account>/<name>`. */
function accountOf(source: string): string {
  return source.split('/')[2] ?? '';
}

function resourceOf(entities: readonly string[], id: string): AlertResource {
  return resourceOfArn(entities[0] ?? id);
}
