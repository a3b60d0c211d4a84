import type { Incident } from '../../functions/domain/incident.ts';
import { anAlert } from './an-alert.ts';

/** An incident that has just been opened for an instance, with what the test wishes otherwise. */
export function anIncident(wishes: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-0123456789abcdef0123',
    status: 'triggered',
    priority: 'P2',
    service: 'platform',
    runbook: 'ec2-status-check-failed',
    mode: 'act',
    title: 'EC2 status check failed · i-0a1b2c3d4e5f60718',
    alert: anAlert(),
    symptom: 'firing',
    remediation: 'none',
    opened_at: '2026-11-02T03:00:05.000Z',
    version: 1,
    ...wishes,
  };
}
