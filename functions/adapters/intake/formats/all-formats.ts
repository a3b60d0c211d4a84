import type { WebhookFormat } from '../webhook-format.ts';
import { alertmanagerFormat } from './alertmanager.ts';
import { cloudeventsFormat } from './cloudevents.ts';
import { customFormat } from './custom.ts';
import { datadogFormat } from './datadog.ts';
import { grafanaFormat } from './grafana.ts';
import { newRelicFormat } from './new-relic.ts';
import { pagerdutyFormat } from './pagerduty.ts';
import { pagerdutyChangeFormat } from './pagerduty-change.ts';
import { sentryFormat } from './sentry.ts';
import { snsFormat } from './sns.ts';

/** Every format in which tools may send alerts over HTTP. */
export const allFormats: readonly WebhookFormat[] = [
  pagerdutyFormat,
  pagerdutyChangeFormat,
  alertmanagerFormat,
  grafanaFormat,
  datadogFormat,
  snsFormat,
  cloudeventsFormat,
  newRelicFormat,
  sentryFormat,
  customFormat,
];
