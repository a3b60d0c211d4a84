import { alertGroupFormat } from './alert-group.ts';

/**
 * Grafana's webhook contact point: one alert by its organisation and fingerprint. A test of the contact point is noise.
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const grafanaFormat = alertGroupFormat('grafana');
