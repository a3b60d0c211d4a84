import { SSMServiceException } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AutomationState,
  AutomationThrottledError,
  AutomationUncertainError,
} from '../../../functions/adapters/automation.ts';
import { DocumentChangedError } from '../../../functions/adapters/own-documents.ts';
import type { Wait } from '../../../functions/adapters/wait-store.ts';
import type { Incident } from '../../../functions/domain/incident.ts';
import { permittedRemediation } from '../../../functions/domain/permitted-remediation.ts';
import {
  startAutomation,
  StartRefusedError,
  type StartPorts,
  type StartRequest,
} from '../../../functions/start-automation/start.ts';
import { aCatalogEntry } from '../../support/a-catalog-entry.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

const now = new Date('2026-11-02T03:00:00.000Z');
const arn = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0a1b2c3d';
const runbook = aCatalogEntry();
const repairing: Incident = anIncident({
  id: 'inc-1',
  runbook: 'restart',
  remediation: 'running',
  alert: anAlert({ resource: { arn, type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d' } }),
});

const revision = 'c-1';

let incident: Incident;
let catalog: typeof runbook;
let killSwitch: string;
let alarmState: string | undefined;
/** The alarms that CloudWatch was asked about. */
let asked: string[];
let state: AutomationState['state'];
/** What each start comes to: the answer, or what is thrown. */
let answers: (string | Error)[];
let started: string[];
let waits: Map<string, Wait>;
let remoteFailures: number;
let completed: string[];
let changed: string | undefined;

beforeEach(() => {
  incident = repairing;
  catalog = runbook;
  killSwitch = 'off';
  alarmState = 'ALARM';
  asked = [];
  state = 'going';
  answers = [];
  started = [];
  waits = new Map();
  remoteFailures = 0;
  completed = [];
  changed = undefined;
});

function ports(): StartPorts {
  return {
    automation: {
      start: async (document, version, _parameters, clientToken) => {
        started.push(`${document}:${version} ${clientToken}`);
        const answer = answers.shift() ?? 'a-1';
        if (typeof answer === 'string') return answer;
        throw answer;
      },
      look: async () => ({ state, status: state, message: '' }),
    },
    repairs: {
      beforeStart: async (id, step) => ({
        note: waits.get(`${id} automation-${step}`),
        incident,
        lease: { holder: 'inc-1', execution: 'e-1', expires_at: '2026-11-02T04:00:00.000Z' },
      }),
    },
    waits: {
      store: async (kind, wait) => void waits.set(`${wait.incident_id} ${kind}`, wait),
      storeRemote: async (kind, wait) => {
        if (remoteFailures-- > 0) throw new Error('The table is down');
        waits.set(`${kind} ${wait.execution_id}`, wait);
      },
      remove: async (id, kind) => void waits.delete(`${id} ${kind}`),
    },
    tokens: {
      complete: async (token) => {
        completed.push(token);
        return true;
      },
    },
    config: { certificates: { restart: { hash: revision, artifacts: [] } } },
    documents: {
      versionsOf: async () => {
        if (changed) throw new DocumentChangedError(changed);
        return new Map([['handsoff-restart-restore', '7']]);
      },
    },
    alarms: {
      stateOf: async (arn) => {
        asked.push(arn);
        return alarmState;
      },
    },
    parameters: {
      read: async () =>
        new Map([
          ['/handsoff/runbooks/restart', JSON.stringify(catalog)],
          ['/handsoff/kill-switch/global', killSwitch],
          ['/handsoff/kill-switch/restart', 'off'],
        ]),
    },
  };
}

async function start(wishes: Partial<StartRequest> = {}) {
  const remediation = permittedRemediation(repairing, runbook, revision);
  if (!remediation) throw new Error('The alert of this test permits nothing.');
  return startAutomation(
    { incident_id: 'inc-1', task_token: 't-1', step: 'repair', remediation, ...wishes },
    ports(),
    now,
  );
}

function refusedBySsm(name: string, httpStatusCode: number): Error {
  return new SSMServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode } });
}

const note = () => waits.get('inc-1 automation-repair');

describe('startAutomation', () => {
  it('starts what was permitted and stores the token where the status event finds it', async () => {
    expect(await start()).toEqual({ execution_id: 'a-1' });
    expect(started).toHaveLength(1);
    expect(waits.get('AUTOMATION a-1')).toEqual({ token: 't-1', incident_id: 'inc-1', execution_id: 'a-1' });
    expect(note()).toMatchObject({ execution_id: 'a-1' });
  });

  it('completes the wait itself when the automation has already ended', async () => {
    state = 'succeeded';
    await start();
    expect(completed).toEqual(['t-1']);
  });

  it('starts nothing when what permitted it holds no longer, and leaves no doubt about that', async () => {
    killSwitch = 'on';
    await expect(start()).rejects.toThrow(StartRefusedError);
    expect(started).toEqual([]);
    expect(note()).toBeUndefined();
  });

  it('starts nothing for whoever asks for another document', async () => {
    const remediation = permittedRemediation(repairing, { ...runbook, document: 'AWS-TerminateEC2Instance' }, revision);
    await expect(start(remediation ? { remediation } : {})).rejects.toThrow(StartRefusedError);
    expect(started).toEqual([]);
  });

  it.each<[string, Error]>([
    ['is at its limit', new AutomationThrottledError('AWS-RestartEC2Instance', undefined)],
    ['refuses', refusedBySsm('AccessDeniedException', 400)],
  ])('is known not to have started when SSM %s', async (_what, error) => {
    answers = [error];
    await expect(start()).rejects.toThrow(error);
    expect(note()).toBeUndefined();
  });

  it.each<[string, Error]>([
    ['no answer', new Error('socket hang up')],
    ['an answer of 5xx', refusedBySsm('InternalServerError', 500)],
    ['a word of an earlier start', refusedBySsm('IdempotentParameterMismatch', 400)],
  ])('may have started when SSM gives %s, also after a later refusal', async (_what, error) => {
    answers = [error, refusedBySsm('AccessDeniedException', 400)];
    await expect(start()).rejects.toThrow(error);
    await expect(start()).rejects.toThrow('AccessDenied');
    expect(note()).toMatchObject({ token: 't-1' });
    expect(note()?.execution_id).toBeUndefined();
  });

  it('asks again under the same token while in doubt, which is the same start', async () => {
    answers = [new Error('socket hang up')];
    await expect(start()).rejects.toThrow('hang up');
    await start({ task_token: 't-2' });
    expect(new Set(started).size).toBe(1);
    expect(note()).toMatchObject({ token: 't-2', execution_id: 'a-1' });
  });

  it('does not call it refused when it may have been started before', async () => {
    answers = [new Error('socket hang up')];
    await expect(start()).rejects.toThrow('hang up');
    incident = { ...repairing, symptom: 'clear' };
    await expect(start()).rejects.toThrow(AutomationUncertainError);
    expect(started).toHaveLength(1);
  });

  it('goes on with what it has started, whatever holds by then', async () => {
    remoteFailures = 1;
    await expect(start()).rejects.toThrow('The table is down');
    incident = { ...repairing, symptom: 'clear' };
    killSwitch = 'on';
    expect(await start({ task_token: 't-2' })).toEqual({ execution_id: 'a-1' });
    expect(started).toHaveLength(1);
    expect(waits.get('AUTOMATION a-1')).toMatchObject({ token: 't-2' });
  });

  it('runs the version that it has compared, and the default of a document of AWS', async () => {
    await start();
    expect(started[0]).toMatch(/^AWS-RestartEC2Instance:undefined /);
    catalog = { ...runbook, undo: 'handsoff-restart-restore' };
    const remediation = permittedRemediation(repairing, catalog, revision);
    if (!remediation) throw new Error('The alert of this test permits nothing.');
    await start({ step: 'undo', remediation });
    expect(started[1]).toMatch(/^handsoff-restart-restore:7 /);
  });

  it('starts nothing when somebody has edited a document of the runbook, and leaves no doubt about that', async () => {
    changed = 'handsoff-restart-restore';
    await expect(start()).rejects.toThrow(StartRefusedError);
    await expect(start()).rejects.toThrow('The document handsoff-restart-restore is not what was deployed,');
    expect(started).toEqual([]);
    expect(note()).toBeUndefined();
  });

  it('does not call an edited document a refusal when it may have been started before', async () => {
    answers = [new Error('socket hang up')];
    await expect(start()).rejects.toThrow('hang up');
    changed = 'handsoff-restart-restore';
    await expect(start()).rejects.toThrow(AutomationUncertainError);
  });

  it('asks CloudWatch how the alarm stands before it changes anything', async () => {
    await start();
    expect(asked).toEqual([repairing.alert.payload.source]);
  });

  it.each([
    ['is OK', 'OK', 'does not fire (OK)'],
    ['is unknown to CloudWatch, as one that somebody made up', undefined, 'could not be read from CloudWatch'],
  ])('starts nothing for an alarm that %s', async (_what, value, why) => {
    alarmState = value;
    await expect(start()).rejects.toThrow(StartRefusedError);
    await expect(start()).rejects.toThrow(why);
    expect(started).toEqual([]);
    expect(note()).toBeUndefined();
  });

  it('asks nobody before it takes a change back', async () => {
    alarmState = 'OK';
    const undoing = { ...runbook, undo: 'AWS-StartEC2Instance' };
    const remediation = permittedRemediation(repairing, undoing, revision);
    catalog = undoing;
    if (!remediation) throw new Error('The alert of this test permits nothing.');
    await start({ step: 'undo', remediation });
    expect(started[0]).toContain('AWS-StartEC2Instance');
    expect(asked).toEqual([]);
  });
});
