import type { EventAction, Severity } from '../../../domain/alert.ts';
import type { Fields } from '../../../domain/fields.ts';
import type { FieldError, Normalised } from '../../../domain/normalised.ts';
import { readTime } from '../event-time.ts';
import { severityNamed } from '../sender-words.ts';
import { webhookAlert } from '../webhook-alert.ts';
import { formatOfOne, type Receipt } from '../webhook-format.ts';

type Members = ReadonlyMap<string, string>;

/** `$ALERT_TRANSITION` in lower case; everything else that a monitor does is a trigger. */
const recovered = /^recovered/;

/** How Datadog begins the title of a monitor's event: `[Recovered on {host:web-1}] …`, or `[P2] [Recovered] …`. */
const recoveredTitle = /^\s*(\[P\d\]\s*)?\[Recovered\b/i;

/**
 * Datadog's webhook with the template that the documentation gives, or any other of the same names in any case. All
 * values are text. The stock template has neither a transition nor a key that outlives one event: what it sends can open
 * incidents, never resolve them. https://docs.datadoghq.com/integrations/webhooks/
 */
export const datadogFormat = formatOfOne('datadog', errorsOf, alertOf);

function errorsOf(body: Fields): readonly FieldError[] {
  const members = membersOf(body);
  return [
    ...(keyOf(members)
      ? []
      : [{ path: 'alert_cycle_key', message: 'is missing, and so are aggreg_key, alert_id and id' }]),
    ...(titleOf(members) ? [] : [{ path: 'title', message: 'is missing or not a string' }]),
  ];
}

function titleOf(members: Members): string | undefined {
  return members.get('title') ?? members.get('alert_title') ?? members.get('event_title');
}

/**
 * Datadog's own link from trigger to resolve, else what it aggregates by, else the monitor and the tags that made it
 * alert. The event's own id comes last: it is another for each event.
 */
function keyOf(members: Members): readonly string[] | undefined {
  const alertId = members.get('alert_id');
  const candidates: readonly (readonly [string, string | undefined])[] = [
    ['cycle', members.get('alert_cycle_key')],
    ['aggregation', members.get('aggreg_key')],
    ['monitor', alertId && `${alertId} ${scopeOf(members)}`],
    ['event', members.get('id')],
  ];
  const [kind, value] = candidates.find(([, text]) => text) ?? [];
  return kind && value ? [kind, value] : undefined;
}

function scopeOf(members: Members): string {
  const tags = (members.get('alert_scope') ?? '').split(',').map((tag) => tag.trim());
  return tags.toSorted().join(',');
}

function alertOf(piece: Fields, receipt: Receipt): Normalised {
  const members = membersOf(piece);
  const title = titleOf(members) ?? '';
  return webhookAlert(
    {
      format: 'datadog',
      action: actionOf(members, title),
      key: keyOf(members) ?? [],
      summary: title,
      source:
        members.get('hostname') ?? members.get('alert_scope') ?? `monitor ${members.get('alert_id') ?? ''}`.trim(),
      severity: severityOf(members),
      at: readTime(members.get('date')) ?? readTime(members.get('last_updated')),
      component: tagOf(members, 'service'),
      group: tagOf(members, 'env'),
      class: members.get('alert_metric') ?? members.get('event_type'),
      details: Object.fromEntries(members),
      links: [
        { href: members.get('link'), text: 'Event in Datadog' },
        { href: members.get('snapshot'), text: 'Graph' },
      ],
      resources: [tagOf(members, 'instance-id'), tagOf(members, 'instance_id'), members.get('hostname')],
    },
    receipt,
  );
}

function actionOf(members: Members, title: string): EventAction {
  const transition = members.get('alert_transition')?.toLowerCase();
  if (transition) return recovered.test(transition) ? 'resolve' : 'trigger';
  return recoveredTitle.test(title) || members.get('alert_type') === 'success' ? 'resolve' : 'trigger';
}

/** `$ALERT_PRIORITY`, where the monitor has one, else the kind of transition, else `$ALERT_TYPE`, of which `success` says nothing. */
function severityOf(members: Members): Severity {
  const isWarning = /warn/i.test(members.get('alert_transition') ?? '');
  const byKind = isWarning ? 'warning' : severityNamed(members.get('alert_type'));
  return severityNamed(members.get('alert_priority')) ?? byKind ?? 'error';
}

/** The value of the first `name:value` among the tags. */
function tagOf(members: Members, name: string): string | undefined {
  const tags = `${members.get('tags') ?? ''},${members.get('alert_scope') ?? ''}`.split(',');
  const tag = tags.map((text) => text.trim()).find((text) => text.startsWith(`${name}:`));
  return tag?.slice(name.length + 1) || undefined;
}

/** The texts by their names in lower case. A variable that Datadog did not fill in is as good as absent. */
function membersOf(piece: Fields): Members {
  const texts = Object.entries(piece).flatMap(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : value;
    const isFilled = typeof text === 'string' && text.trim() !== '' && !/^(\$[A-Z_]+|null|none)$/i.test(text.trim());
    return isFilled ? [[name.toLowerCase(), text] as const] : [];
  });
  return new Map(texts);
}
