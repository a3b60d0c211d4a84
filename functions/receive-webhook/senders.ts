/** An answer of payload format 2.0. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How to answer a sender so that it does the right thing next. */
export interface Sender {
  readonly methods: readonly string[];
  /** The largest body that it may send; a larger one is refused, and its sender drops it. */
  readonly maxBodyBytes: number;
  /** What it may send beside JSON: its fields as a form, or the attributes of a CloudEvent as headers. */
  readonly mayAlsoSend?: 'forms' | 'cloud-events';
  /** Whether an alert without a `dedup_key` gets one, which the answer tells. */
  readonly namesAlerts: boolean;
  /** For what is on the bus. */
  readonly accepted: (dedupKey: string | undefined) => HttpAnswer;
  /** For what nobody can read, however often it comes: makes the sender stop. */
  readonly invalid: (errors: readonly string[]) => HttpAnswer;
  /** When the bus asks for less: makes the sender come back later. */
  readonly throttled: HttpAnswer;
}

/** As long as PagerDuty asks its clients to wait: https://developer.pagerduty.com/docs/send-alert-event */
const retryAfter = { 'retry-after': '30' };
const empty = (statusCode: number, headers = {}): HttpAnswer => ({ statusCode, headers, body: '' });

/** Any sender comes back after a 503, and only some after a 429. */
export const unavailable: HttpAnswer = empty(503, retryAfter);

/** The answers that are the same for every sender. None says more than its status: it would tell an attacker what to change. */
export const refusals = {
  unknownPath: empty(404),
  unauthenticated: empty(401),
  tooLarge: empty(413),
  unsupportedType: empty(415),
  methodNotAllowed: (methods: readonly string[]): HttpAnswer => empty(405, { allow: methods.join(', ') }),
} as const;

/** PagerDuty's own limit: https://developer.pagerduty.com/docs/send-alert-event */
const maxEventBytes = 512 * 1024;

/**
 * A group of alerts is at its largest when most is broken. Lambda takes 6 MB of a request with all that API Gateway writes
 * around and into the body: base64 makes 4 bytes of 3, JSON text 2 of every quotation mark.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maxGroupBytes = 4 * 1024 * 1024;

const ordinary: Sender = {
  methods: ['POST'],
  maxBodyBytes: maxEventBytes,
  namesAlerts: false,
  accepted: () => empty(202),
  invalid: (errors) => json(400, { errors }),
  throttled: unavailable,
};

const pagerduty: Sender = {
  ...ordinary,
  namesAlerts: true,
  accepted: (dedup_key) => json(202, { status: 'success', message: 'Event processed', dedup_key }),
  invalid: (errors) => json(400, { status: 'invalid event', message: 'Event object is invalid', errors }),
  throttled: {
    ...json(429, { status: 'throttle exceeded', message: 'Request Limit Exceeded' }),
    headers: { 'content-type': 'application/json', ...retryAfter },
  },
};

/**
 * By format. PagerDuty's clients retry 429 and 5xx, never 400 (https://developer.pagerduty.com/docs/send-alert-event).
 * Alertmanager retries 5xx alone and drops what any 4xx answers, 429 too (its `notify/webhook/webhook.go`), and so do
 * Datadog (https://docs.datadoghq.com/integrations/webhooks/) and SNS
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html). Grafana retries nothing, and may PUT.
 */
const senders: ReadonlyMap<string, Sender> = new Map([
  ['pagerduty', pagerduty],
  [
    'pagerduty-change',
    {
      ...pagerduty,
      namesAlerts: false,
      accepted: () => json(202, { status: 'success', message: 'Change event processed' }),
    },
  ],
  ['alertmanager', { ...ordinary, maxBodyBytes: maxGroupBytes }],
  ['grafana', { ...ordinary, maxBodyBytes: maxGroupBytes, methods: ['POST', 'PUT'] }],
  ['datadog', { ...ordinary, mayAlsoSend: 'forms' }],
  ['cloudevents', { ...ordinary, mayAlsoSend: 'cloud-events' }],
]);

/** How the sender of a format is to be answered: any that is not told apart gets 202, 400 or 503. */
export function senderOf(format: string): Sender {
  return senders.get(format) ?? ordinary;
}

function json(statusCode: number, body: object): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
