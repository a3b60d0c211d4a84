import type { DeployedConfig, TriageRules } from '../../functions/domain/deployed-config.ts';

/** What is deployed, with one service and one runbook that only looks, and the triage rules that a test wishes. */
export function aConfig(triage: Partial<TriageRules> = {}, wishes: Partial<DeployedConfig> = {}): DeployedConfig {
  return {
    services: [
      {
        id: 'platform',
        owner: 'platform-team',
        priority: { critical: 'P1', error: 'P2', warning: 'P3', info: 'P4' },
        channel: 'incidents',
        escalation: { patience_seconds: 900, repeat_seconds: 600, times: 3 },
      },
    ],
    aws_events: [],
    integrations: [],
    routes: [{ id: 'default', title: 'Alarm', mode: 'observe', how: [], match: undefined }],
    triage: {
      pause: [],
      settle_seconds: 0,
      flap: { triggers: 4, within_seconds: 3600, settle_seconds: 900 },
      groups: [],
      storm: { new_per_minute: 8 },
      maintenance: [],
      ...triage,
    },
    changes: { freezes: [], calendars: [], automations_in_flight: 80 },
    channels: { incidents: {} },
    groups: {},
    certificates: {},
    documents: [],
    ...wishes,
  };
}
