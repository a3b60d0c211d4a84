import { describe, expect, it } from 'vitest';
import type { EntryKind } from '../../../functions/domain/incident.ts';
import { alreadyOver, type WaitKind, waitsEndedBy } from '../../../functions/domain/waits.ts';
import { anEntry } from '../../support/an-entry.ts';
import { anIncident } from '../../support/an-incident.ts';

describe('waitsEndedBy', () => {
  it.each<[EntryKind, WaitKind[]]>([
    ['acknowledged', ['ack']],
    ['approved', ['approval']],
    ['approval-refused', ['approval']],
    ['cleared', ['recovery']],
    ['relapsed', ['relapse']],
    ['worsened', ['relapse', 'ack']],
    ['resolved', ['ack', 'resolution', 'approval', 'recovery', 'relapse']],
    ['diagnosed', []],
    ['closed', []],
  ])('%s ends %j', (kind, ended) => {
    expect(waitsEndedBy(anEntry({ kind })).map((wait) => wait.kind)).toEqual(ended);
  });

  it('ends an approval with a refusal when the incident is over, never with a yes', () => {
    const approval = waitsEndedBy(anEntry({ kind: 'resolved' })).find((wait) => wait.kind === 'approval');
    expect(approval?.outcome).toMatchObject({ error: 'ApprovalRefused' });
  });

  it.each<WaitKind>(['recovery', 'relapse'])('takes a resolution for no proof where %s is waited for', (kind) => {
    const wait = waitsEndedBy(anEntry({ kind: 'resolved' })).find((one) => one.kind === kind);
    expect(wait?.outcome).toMatchObject({ error: 'RecoveryUnproven' });
    for (const symptom of ['firing', 'clear'] as const)
      expect(alreadyOver(kind, anIncident({ status: 'resolved', symptom }))).toMatchObject({
        error: 'RecoveryUnproven',
      });
  });
});

describe('alreadyOver', () => {
  const triggered = anIncident({ status: 'triggered', symptom: 'firing' });
  it.each<[WaitKind, ReturnType<typeof anIncident>, boolean]>([
    ['ack', triggered, false],
    ['ack', anIncident({ status: 'acknowledged' }), true],
    ['resolution', triggered, false],
    ['resolution', anIncident({ status: 'resolved' }), true],
    ['recovery', triggered, false],
    ['recovery', anIncident({ symptom: 'clear' }), true],
    ['relapse', anIncident({ symptom: 'clear' }), false],
    ['relapse', triggered, true],
    ['approval', triggered, false],
    ['approval', anIncident({ status: 'resolved' }), true],
  ])('a wait for %s of an incident', (kind, incident, over) => {
    expect(alreadyOver(kind, incident) !== undefined).toBe(over);
  });
});
