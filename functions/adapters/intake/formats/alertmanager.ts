import { alertGroupFormat } from './alert-group.ts';

/**
 * Alertmanager's webhook, `"version": "4"`: one alert by its fingerprint, which is a hash of its labels.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const alertmanagerFormat = alertGroupFormat('alertmanager');
