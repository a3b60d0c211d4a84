/** The four severities of the PagerDuty Common Event Format, worst first. */
export const severities = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

export function isSeverity(value: unknown): value is Severity {
  return severities.some((severity) => severity === value);
}

/** What an alert asks for, as the PagerDuty Events API v2 spells it. */
export const eventActions = ['trigger', 'acknowledge', 'resolve'] as const;
export type EventAction = (typeof eventActions)[number];

export function isEventAction(value: unknown): value is EventAction {
  return eventActions.some((action) => action === value);
}

/** Why an alert must not reach a person although it fires: each is a vendor's own form of it, or our own `self-test`. */
export type SuppressedBy = 'mute' | 'suppressor' | 'backup-copy' | 'security-hub-copy' | 'sample' | 'self-test';

/** The thing in AWS that is unwell. */
export interface AlertResource {
  /** Amazon Resource Name where it can be told from the event. */
  readonly arn?: string;
  /** CloudFormation type, such as `AWS::EC2::Instance`; `unknown` where nothing names it. */
  readonly type: string;
  /** The id AWS gives it, such as `i-0123456789abcdef0`. */
  readonly id: string;
}

/** Where an alert came from: enough to find the event again and to refuse its copies. */
export interface AlertOrigin {
  /** The adapter that read it: `cloudwatch`. */
  readonly format: string;
  /** The sender's id of the event, or of the change that it says again and again. */
  readonly event_id: string;
  readonly account: string;
  readonly region: string;
  /**
   * The event's `source` where that is not AWS itself: anybody who may put events can have made it, so nothing is
   * changed because of it, and it never stands for AWS's own alert of the same cause.
   */
  readonly sent_by?: string;
  /** ISO 8601 with milliseconds: when Handsoff took it. */
  readonly received_at: string;
  /**
   * ISO 8601 with milliseconds: the sender's own time of the change, or when it came if that lies in the future. It
   * orders the alerts of one `dedup_key`, nothing else.
   */
  readonly transitioned_at: string;
}

/**
 * An event normalised to the PagerDuty Common Event Format.
 * Limits are those of https://developer.pagerduty.com/docs/send-alert-event: `dedup_key` 255 and `summary` 1,024 characters.
 */
export interface Alert {
  readonly event_action: EventAction;
  /** Stable identity of the cause, `v1:<sha256>`: never made from text that people edit. */
  readonly dedup_key: string;
  /** The `dedup_key` whose incident this alert belongs to: its own, or its parent's when it is one contributor of an alarm. */
  readonly incident_key: string;
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: Severity;
    readonly timestamp: string;
    readonly component?: string;
    readonly group?: string;
    readonly class?: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly origin: AlertOrigin;
  readonly resource: AlertResource;
  readonly suppressed_by?: SuppressedBy;
  /** ISO 8601 with milliseconds: when it reaches people again if it still fires. Absent where its sender does not say. */
  readonly suppressed_until?: string;
}
