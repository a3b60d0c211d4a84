import { beforeEach, describe, expect, it } from 'vitest';
import type { AutomationState } from '../../../functions/adapters/automation.ts';
import { type IncidentChange, UnknownIncidentError } from '../../../functions/adapters/incident-store.ts';
import type { Incident, NewEntry } from '../../../functions/domain/incident.ts';
import { type ReportPorts, reportFailedExecution } from '../../../functions/report-failed-execution/report.ts';
import { anIncident } from '../../support/an-incident.ts';

const now = new Date('2026-11-02T03:10:00.000Z');
let incident: Incident | undefined;
let lines: NewEntry[];
let executionId: string | undefined;
let state: AutomationState;
let cancelled: string[];
let cancelError: Error | undefined;

beforeEach(() => {
  incident = anIncident({ remediation: 'running', locked_until: '2026-11-02T04:12:13.000Z' });
  lines = [];
  executionId = 'a-1';
  state = { state: 'going', status: 'InProgress', message: '' };
  cancelled = [];
  cancelError = undefined;
});

function ports(): ReportPorts {
  const record = async (id: string, change: (current: Incident) => IncidentChange | undefined) => {
    if (!incident) throw new UnknownIncidentError(id);
    const wanted = change(incident);
    if (!wanted) return 'refused' as const;
    lines.push(wanted.entry);
    incident = { ...incident, ...wanted.patch };
    return 'recorded' as const;
  };
  const wait = { token: 't', incident_id: 'inc-1', ...(executionId && { execution_id: executionId }) };
  return {
    incidents: { record },
    waits: { find: async (_id, kind) => (kind === 'automation-repair' ? wait : undefined) },
    automation: {
      look: async () => state,
      cancel: async (id) => {
        if (cancelError) throw cancelError;
        cancelled.push(id);
      },
    },
  };
}

async function report(machine: string) {
  const stateMachineArn = `arn:aws:states:eu-central-1:123456789012:stateMachine:${machine}`;
  return reportFailedExecution({ detail: { name: 'inc-1', status: 'ABORTED', stateMachineArn } }, ports(), now);
}

const text = (kind: string) => lines.find((line) => line.kind === kind)?.text ?? '';

describe('reportFailedExecution', () => {
  it('stops the automation that nobody watches any more, says so and calls a person', async () => {
    await report('handsoff-remediate');
    expect(cancelled).toEqual(['a-1']);
    expect(incident?.remediation).toBe('failed');
    for (const kind of ['handsoff-failed', 'needs-human']) {
      expect(text(kind)).toContain('a-1, was still at work and was stopped half way');
      expect(text(kind)).toContain('until 04:12:13 UTC');
    }
  });

  it('stops nothing that has ended', async () => {
    state = { state: 'succeeded', status: 'Success', message: '' };
    await report('handsoff-remediate');
    expect(cancelled).toEqual([]);
    expect(text('needs-human')).toContain('had ended Success');
  });

  it('says that one may have been started', async () => {
    executionId = undefined;
    await report('handsoff-remediate');
    expect(text('needs-human')).toContain('may have been started');
  });

  it('tells people also when it cannot be stopped', async () => {
    cancelError = new Error('AccessDenied');
    await report('handsoff-remediate');
    expect(text('needs-human')).toContain('could not be stopped and may be at work: Error: AccessDenied');
  });

  it('calls a person to an incident that was resolved during its repair', async () => {
    incident = anIncident({ remediation: 'running', status: 'resolved', symptom: 'clear' });
    await report('handsoff-remediate');
    expect(lines.map(({ kind }) => kind)).toEqual(['handsoff-failed', 'needs-human']);
    expect(incident.status).toBe('resolved');
  });

  it('leaves the automation to remediate when another machine has failed', async () => {
    await report('handsoff-respond');
    expect(cancelled).toEqual([]);
    expect(incident?.remediation).toBe('running');
    expect(lines.map(({ kind }) => kind)).toEqual(['handsoff-failed']);
  });

  it('knows nothing to set right for an execution that no incident has', async () => {
    incident = undefined;
    expect(await report('handsoff-remediate')).toMatchObject({ outcome: 'unknown' });
  });
});
