import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../../cli/triage/memory-table.ts';
import type { IncidentTable } from '../../../functions/adapters/dynamodb-table.ts';
import type { IncidentStore } from '../../../functions/adapters/incident-store.ts';
import type { Alert, Severity } from '../../../functions/domain/alert.ts';
import type { Incident, TimelineEntry } from '../../../functions/domain/incident.ts';
import { incidentIdOf } from '../../../functions/domain/identity.ts';
import { takeAlert } from '../../../functions/triage-alert/take-alert.ts';
import { anAlert } from '../../support/an-alert.ts';
import { aTriage } from './a-triage.ts';
import { methodsOf } from '../../support/table-methods.ts';
import { waitsUntil } from '../../../functions/domain/support-hours.ts';

const start = Date.parse('2026-11-02T03:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000);

const grouped = { groups: [{ id: 'g', match: undefined, by: ['payload.group'], window_seconds: 600 }] };
const maintenance = { id: 'work', match: undefined, once: { from: at(0).toISOString(), to: at(3600).toISOString() } };

function alertAt(seconds: number, action: Alert['event_action'], key = 'a', severity: Severity = 'error'): Alert {
  const transitioned_at = at(seconds).toISOString();
  return anAlert({
    severity,
    event_action: action,
    dedup_key: `v1:${key}`,
    incident_key: `v1:${key}`,
    origin: { ...anAlert().origin, transitioned_at, event_id: `${key}-${seconds}-${action}` },
  });
}

async function historyOf(incidents: IncidentStore, id: string): Promise<[Incident | undefined, TimelineEntry[]]> {
  const read = await incidents.read(id);
  return [read?.incident, read?.timeline ?? []];
}

/** A table whose every answer comes when fast-check's scheduler lets it: any interleaving of its users. */
function interleaved(table: MemoryTable, scheduler: fc.Scheduler): IncidentTable {
  const late =
    <Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments) => {
      await scheduler.schedule(Promise.resolve());
      return call(...given);
    };
  return {
    get: late(async (key) => table.get(key)),
    getAll: late(async (keys) => table.getAll(keys)),
    query: late(async (pk, prefix) => table.query(pk, prefix)),
    queryBetween: late(async (pk, from, to) => table.queryBetween(pk, from, to)),
    hasAny: late(async (pk, prefix) => table.hasAny(pk, prefix)),
    increment: late(async (key, field) => table.increment(key, field)),
    write: late(async (writes) => table.write(writes)),
  };
}

describe('takeAlert', () => {
  it('makes one incident, told once per transition, of any copies of a story in any interleaving', async () => {
    const story = [alertAt(0, 'trigger'), alertAt(60, 'resolve')];
    const copies = fc.array(fc.constantFrom(...story), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), copies, async (scheduler, more) => {
        const { take, incidents } = aTriage(interleaved(new MemoryTable(), scheduler));
        const now = at(120);
        const taken = await scheduler.waitFor(Promise.all([...story, ...more].map(async (alert) => take(alert, now))));
        const opened = taken.filter(({ decision }) => decision === 'open');
        const late = taken.filter(({ reason }) => reason === 'late' || reason === 'nothing-open');
        // The resolve may be the first to be written: then the trigger is late, and there is nothing to open.
        expect(opened.length).toBeLessThanOrEqual(1);
        expect(opened.length + late.length).toBeGreaterThan(0);
        for (const { incident } of opened) {
          const [current, timeline] = await scheduler.waitFor(historyOf(incidents, incident?.id ?? ''));
          expect(current?.status).toBe('resolved');
          expect(timeline.map(({ kind }) => kind)).toEqual(['triggered', 'resolved']);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('loses no alert of a group, whatever comes at the same moment', async () => {
    const rules = {
      groups: [{ id: 'g', match: undefined, by: ['payload.group'], window_seconds: 600 }],
      settle_seconds: 60,
    };
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 6 }), async (scheduler, many) => {
        const table = interleaved(new MemoryTable(), scheduler);
        const { take, settle, incidents } = aTriage(table, rules);
        const keys = Array.from({ length: many }, (_, index) => `k${index}`);
        const taken = await scheduler.waitFor(
          Promise.all(keys.map(async (key, index) => take(alertAt(index, 'trigger', key), at(30)))),
        );
        const ids = new Set(taken.map(({ into, incident }) => into ?? incident?.id));
        expect(taken.filter(({ decision }) => decision === 'open')).toHaveLength(1);
        expect(ids.size).toBe(1);
        const [id = ''] = ids;
        const [last, ...others] = keys;
        await scheduler.waitFor(Promise.all(others.map(async (key) => take(alertAt(100, 'resolve', key), at(100)))));
        await scheduler.waitFor(settle());
        expect((await scheduler.waitFor(historyOf(incidents, id)))[0]?.status).toBe('triggered');
        await scheduler.waitFor(take(alertAt(300, 'resolve', last), at(300)));
        await scheduler.waitFor(settle());
        expect((await scheduler.waitFor(historyOf(incidents, id)))[0]?.status).toBe('resolved');
      }),
      { numRuns: 40 },
    );
  });

  it('gives an alert that is attached while its incident is resolved an incident of its own', async () => {
    const rules = {
      groups: [{ id: 'g', match: undefined, by: ['payload.group'], window_seconds: 600 }],
      settle_seconds: 60,
    };
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const table = interleaved(new MemoryTable(), scheduler);
        const { take, settle, incidents } = aTriage(table, rules);
        const first = await scheduler.waitFor(take(alertAt(0, 'trigger', 'first'), at(0)));
        await scheduler.waitFor(take(alertAt(10, 'resolve', 'first'), at(10)));
        await scheduler.waitFor(Promise.all([settle(), take(alertAt(70, 'trigger', 'second'), at(70))]));
        await scheduler.waitFor(settle());
        const [old] = await scheduler.waitFor(historyOf(incidents, first.incident?.id ?? ''));
        const stored = await scheduler.waitFor(table.get({ pk: 'ALERT#v1:second', sk: 'ALERT' }));
        const [own] = await scheduler.waitFor(historyOf(incidents, String(stored?.['incident_id'])));
        expect(own?.status).toBe('triggered');
        expect(old?.id === own?.id || old?.status === 'resolved').toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives it one too where whoever resolved died before he looked, and comes again', async () => {
    const rules = { ...grouped, settle_seconds: 60 };
    const table = new MemoryTable();
    const { take, settle, incidents } = aTriage(table, rules);
    const { incident } = await take(alertAt(0, 'trigger', 'first'), at(0));
    const cleared = alertAt(10, 'resolve', 'first');
    await take(cleared, at(10));
    const dies = aTriage(
      {
        ...methodsOf(table),
        hasAny: async (pk, prefix) => {
          const found = await table.hasAny(pk, prefix);
          await take(alertAt(69, 'trigger', 'second'), at(70));
          return found;
        },
        write: async (writes) => {
          const failed = await table.write(writes);
          if (writes.some(({ put }) => put?.sk === 'ENTRY#resolved')) throw new Error('it died');
          return failed;
        },
      },
      rules,
    );
    await expect(dies.take(cleared, at(70), true)).rejects.toThrow('it died');
    await take(cleared, at(72), true);
    await settle();
    const own = await table.get({ pk: 'ALERT#v1:second', sk: 'ALERT' });
    expect((await incidents.readIncident(incident?.id ?? ''))?.status).toBe('resolved');
    expect((await incidents.readIncident(String(own?.['incident_id'])))?.status).toBe('triggered');
  });

  it('loses nothing when its answer is lost: the repeated alert changes nothing twice', async () => {
    const table = new MemoryTable();
    const forgetful: IncidentTable = {
      ...methodsOf(table),
      write: async (writes) => {
        await table.write(writes);
        throw new Error('the answer is lost');
      },
    };
    const alert = alertAt(0, 'trigger');
    await expect(aTriage(forgetful).take(alert, at(1))).rejects.toThrow('the answer is lost');
    const { take, incidents } = aTriage(table);
    const again = await take(alert, at(2));
    expect(again).toMatchObject({ decision: 'drop', reason: 'duplicate' });
    const [current, timeline] = await historyOf(incidents, again.incident?.id ?? '');
    expect(current?.version).toBe(1);
    expect(timeline).toHaveLength(1);
  });

  it('resolves a cause that flaps only when it has stayed clear for longer', async () => {
    const { take, settle, incidents, held } = aTriage(new MemoryTable(), { settle_seconds: 60 });
    const { incident } = await take(alertAt(0, 'trigger'), at(0));
    for (let flap = 0; flap < 10; flap++) {
      await take(alertAt(flap * 10 + 1, 'resolve'), at(flap * 10 + 1));
      await take(alertAt(flap * 10 + 5, 'trigger'), at(flap * 10 + 5));
    }
    await take(alertAt(200, 'resolve'), at(200));
    expect(held.at(-1)?.until).toBe(at(200 + 900).toISOString());
    await settle();
    const [current, timeline] = await historyOf(incidents, incident?.id ?? '');
    expect(current?.status).toBe('resolved');
    expect(timeline.filter(({ kind }) => kind === 'resolved')).toHaveLength(1);
  });

  it('takes no reminder for a flap, however many its sender sends', async () => {
    const { take } = aTriage(new MemoryTable(), { settle_seconds: 60 });
    for (const seconds of [0, 10, 20, 30, 40]) await take(alertAt(seconds, 'trigger'), at(seconds));
    expect(await take(alertAt(50, 'resolve'), at(50))).toMatchObject({ decision: 'clear', reason: 'settling' });
  });

  it.each(['triggered', 'acknowledged'] as const)(
    'calls people once more when the cause of an incident that is %s gets worse',
    async (status) => {
      const { take, incidents } = aTriage(new MemoryTable());
      const { incident } = await take(alertAt(0, 'trigger', 'a', 'warning'), at(0));
      const id = incident?.id ?? '';
      expect(incident?.priority).toBe('P3');
      if (status === 'acknowledged') await take(alertAt(30, 'acknowledge'), at(30));
      const worse = await take(alertAt(60, 'trigger', 'a', 'critical'), at(60));
      expect(worse).toMatchObject({ decision: 'worsen', reason: 'worse', incident: { id } });
      for (const [seconds, severity] of [
        [70, 'critical'],
        [80, 'warning'],
        [90, 'critical'],
      ] as const)
        expect(await take(alertAt(seconds, 'trigger', 'a', severity), at(seconds))).toMatchObject({
          decision: 'repeat',
        });
      const [current, timeline] = await historyOf(incidents, id);
      expect(current).toMatchObject({ status, priority: 'P1', severity: 'critical', runbook: incident?.runbook });
      const lines = timeline.filter(({ kind }) => kind === 'worsened');
      expect(lines.map(({ text }) => text)).toEqual([
        expect.stringContaining('from warning to critical, and is P1 now'),
      ]);
    },
  );

  it('lets no incident wait for support hours that has become too urgent for it', async () => {
    const never = { days: ['sun'], from: '00:00', to: '00:01', timezone: 'UTC' } as const;
    const { ports, config } = aTriage(new MemoryTable());
    const services = config.services.map((service) => ({ ...service, support_hours: never }));
    const take = async (seconds: number, severity: Severity) =>
      takeAlert(alertAt(seconds, 'trigger', 'a', severity), ports, { ...config, services }, at(seconds));
    const { incident } = await take(0, 'info');
    const current = async () => ports.incidents.readIncident(incident?.id ?? '');
    const waits = async () => {
      const now = await current();
      return [now?.priority, now && waitsUntil(now, at(20))];
    };
    const sunday = '2026-11-08T00:00:00.000Z';
    expect(await waits()).toEqual(['P4', sunday]);
    await take(10, 'warning');
    expect(await waits()).toEqual(['P3', sunday]);
    await take(20, 'error');
    expect(await waits()).toEqual(['P2', undefined]);
  });

  it('says that an alarm fires again by saying that it is worse, while a repair is being proven', async () => {
    const { take, incidents } = aTriage(new MemoryTable());
    const { incident } = await take(alertAt(0, 'trigger', 'a', 'warning'), at(0));
    const id = incident?.id ?? '';
    const now = { id: 'automation-started', kind: 'automation-started', by: 'runbook:x', text: 'Now.' } as const;
    await incidents.record(id, () => ({ entry: now, patch: { remediation: 'running' } }), at(10));
    await take(alertAt(20, 'resolve'), at(20));
    expect((await incidents.readIncident(id))?.symptom).toBe('clear');
    await take(alertAt(30, 'trigger', 'a', 'critical'), at(30));
    const [current, timeline] = await historyOf(incidents, id);
    expect(current).toMatchObject({ symptom: 'firing', remediation: 'running', priority: 'P1' });
    expect(timeline.at(-1)?.kind).toBe('worsened');
  });

  it('makes a group more urgent by each member that is worse, and resolves it when all have cleared', async () => {
    const { take, incidents } = aTriage(new MemoryTable(), grouped);
    const { incident } = await take(alertAt(0, 'trigger', 'a', 'warning'), at(0));
    const id = incident?.id ?? '';
    expect(await take(alertAt(1, 'trigger', 'b', 'error'), at(1))).toMatchObject({ decision: 'worsen', into: id });
    expect(await take(alertAt(2, 'trigger', 'a', 'critical'), at(2))).toMatchObject({ decision: 'worsen', into: id });
    expect(await take(alertAt(3, 'trigger', 'c', 'critical'), at(3))).toMatchObject({ decision: 'attach', into: id });
    expect((await incidents.readIncident(id))?.priority).toBe('P1');
    expect(await incidents.alertsFiring(id)).toHaveLength(3);
    for (const key of ['a', 'b', 'c']) await take(alertAt(100, 'resolve', key), at(100));
    expect((await incidents.readIncident(id))?.status).toBe('resolved');
  });

  it('gives a notice that was one of a storm an incident of its own when it is more than a notice', async () => {
    const { take, incidents } = aTriage(new MemoryTable(), { storm: { new_per_minute: 1 } });
    for (const key of ['a', 'b', 'c']) await take(alertAt(0, 'trigger', key, 'info'), at(0));
    const storm = await incidents.readStorm(alertAt(0, 'trigger', 'c', 'info'));
    expect(await incidents.alertsFiring(storm?.id ?? '')).toHaveLength(2);
    const own = await take(alertAt(60, 'trigger', 'c', 'critical'), at(60));
    expect(own).toMatchObject({ decision: 'open', incident: { priority: 'P1' } });
    expect(await incidents.alertsFiring(storm?.id ?? '')).toHaveLength(1);
    expect((await incidents.readIncident(storm?.id ?? ''))?.priority).toBe('P4');
  });

  it('ends a storm of notices when the last of them has become an incident of its own', async () => {
    const { take, incidents } = aTriage(new MemoryTable(), { storm: { new_per_minute: 1 } });
    for (const key of ['a', 'b', 'c']) await take(alertAt(0, 'trigger', key, 'info'), at(0));
    const storm = await incidents.readStorm(alertAt(0, 'trigger', 'c', 'info'));
    const status = async () => (await incidents.readIncident(storm?.id ?? ''))?.status;
    await take(alertAt(60, 'trigger', 'b', 'critical'), at(60));
    expect(await status()).toBe('triggered');
    await take(alertAt(70, 'trigger', 'c', 'critical'), at(70));
    expect(await incidents.alertsFiring(storm?.id ?? '')).toEqual([]);
    expect(await status()).toBe('resolved');
  });

  it('takes for nothing new what AWS delivers once more after somebody resolved it', async () => {
    const { take, incidents } = aTriage(new MemoryTable());
    const { incident } = await take(alertAt(0, 'trigger'), at(0));
    await resolveBy('robin', incidents, incident?.id ?? '', 100);
    const again = alertAt(0, 'trigger');
    const origin = { ...again.origin, received_at: at(200).toISOString() };
    expect(await take({ ...again, origin }, at(200))).toMatchObject({ decision: 'drop', reason: 'duplicate' });
  });

  it('knows an alert with a number that the table does not keep, when it comes back from there', async () => {
    const { take } = aTriage(new MemoryTable(), { maintenance: [maintenance] });
    const alert = alertAt(0, 'trigger');
    const payload = { ...alert.payload, custom_details: { bytes: 1e20 } };
    await take({ ...alert, payload }, at(0));
    const kept = { ...alert.payload, custom_details: { bytes: String(1e20) } };
    expect(await take({ ...alert, payload: kept }, at(3600), true)).toMatchObject({ decision: 'open' });
  });

  /** What Alertmanager sends again and again: one time of the change, and an event of its own each time. */
  function reminderAt(seconds: number, key = 'a'): Alert {
    const alert = alertAt(0, 'trigger', key);
    const received_at = at(seconds).toISOString();
    return { ...alert, origin: { ...alert.origin, event_id: `${key}-reminder-${seconds}`, received_at } };
  }

  async function resolveBy(person: string, incidents: IncidentStore, id: string, seconds: number): Promise<void> {
    const entry = { id: 'resolved', kind: 'resolved', by: person, text: `Resolved by ${person}.` } as const;
    const patch = { status: 'resolved', resolved_at: at(seconds).toISOString() } as const;
    await incidents.record(id, () => ({ entry, patch }), at(seconds));
  }

  it('opens a new incident each time that somebody resolves one and its sender says again that it fires', async () => {
    const { take, incidents } = aTriage(new MemoryTable());
    const ids = new Set<string>();
    for (const seconds of [0, 1000, 2000]) {
      const { decision, incident } = await take(reminderAt(seconds), at(seconds));
      expect(decision).toBe('open');
      expect(await take(reminderAt(seconds + 100), at(seconds + 100))).toMatchObject({ reason: 'duplicate' });
      await resolveBy('robin', incidents, incident?.id ?? '', seconds + 200);
      // What was on its way meanwhile, and what EventBridge delivers once more.
      for (const copy of [reminderAt(seconds), reminderAt(seconds + 150)])
        expect(await take(copy, at(seconds + 300))).toMatchObject({ decision: 'drop', reason: 'duplicate' });
      ids.add(incident?.id ?? '');
    }
    expect(ids.size).toBe(3);
  });

  it('opens one as often where a sender outside of AWS says the very same again', async () => {
    const { take, incidents } = aTriage(new MemoryTable());
    const again = (seconds: number) => {
      const { origin, ...alert } = reminderAt(seconds);
      return { ...alert, origin: { ...origin, sent_by: 'new-relic', event_id: 'a critical' } };
    };
    const ids = new Set<string>();
    for (const seconds of [0, 1000, 2000]) {
      const { decision, incident } = await take(again(seconds), at(seconds));
      expect(decision).toBe('open');
      expect(await take(again(seconds + 100), at(seconds + 100))).toMatchObject({ reason: 'duplicate' });
      await resolveBy('robin', incidents, incident?.id ?? '', seconds + 200);
      expect(await take(again(seconds + 100), at(seconds + 300))).toMatchObject({ reason: 'duplicate' });
      ids.add(incident?.id ?? '');
    }
    expect(ids.size).toBe(3);
  });

  it('opens one also when what it had joined meanwhile is resolved', async () => {
    const { take, incidents } = aTriage(new MemoryTable(), grouped);
    const { incident: own } = await take(reminderAt(0), at(0));
    await resolveBy('robin', incidents, own?.id ?? '', 100);
    const { incident: group } = await take(alertAt(200, 'trigger', 'b'), at(200));
    expect(await take(reminderAt(300), at(300))).toMatchObject({ decision: 'attach', into: group?.id });
    await resolveBy('robin', incidents, group?.id ?? '', 400);
    expect(await take(reminderAt(500), at(500))).toMatchObject({ decision: 'open' });
  });

  it('begins a storm again that somebody resolved while it goes on', async () => {
    const { take, incidents } = aTriage(new MemoryTable(), { storm: { new_per_minute: 1 } });
    await take(reminderAt(0, 'a'), at(0));
    const { incident } = await take(reminderAt(0, 'b'), at(0));
    await resolveBy('robin', incidents, incident?.id ?? '', 100);
    await take(reminderAt(3600, 'c'), at(3600));
    expect(await take(reminderAt(3600, 'b'), at(3600))).toMatchObject({ decision: 'open-storm' });
  });

  it.each([
    ['as bad', 'error', { decision: 'record', reason: 'late' }],
    ['worse', 'critical', { decision: 'open' }],
  ] as const)(
    'keeps a reminder that came before somebody resolved, and was taken after, from opening anew unless it is worse: %s',
    async (_how, severity, taken) => {
      const { take, incidents } = aTriage(new MemoryTable());
      const { incident } = await take(alertAt(0, 'trigger'), at(0));
      await resolveBy('robin', incidents, incident?.id ?? '', 100);
      const reminder = alertAt(90, 'trigger', 'a', severity);
      const origin = { ...reminder.origin, received_at: at(91).toISOString() };
      expect(await take({ ...reminder, origin }, at(110))).toMatchObject(taken);
    },
  );

  it.each([
    ['overtakes it', [], ['acknowledge', 'trigger']],
    [
      'comes while it is given a moment to clear',
      [{ id: 'p', match: undefined, seconds: 120 }],
      ['trigger', 'acknowledge'],
    ],
  ] as const)('loses no trigger whose acknowledgement %s', async (_how, pause, order) => {
    const { take, settle, incidents } = aTriage(new MemoryTable(), { pause });
    for (const action of order) await take(alertAt(action === 'trigger' ? 0 : 30, action), at(40));
    await settle();
    const id = incidentIdOf('v1:a', at(0).toISOString());
    expect((await incidents.readIncident(id))?.status).toBe('triggered');
  });

  it('resolves what has settled though somebody takes it meanwhile', async () => {
    const { take, settle, incidents } = aTriage(new MemoryTable(), { settle_seconds: 60 });
    const { incident } = await take(alertAt(0, 'trigger'), at(0));
    await take(alertAt(100, 'resolve'), at(100));
    await take(alertAt(130, 'acknowledge'), at(130));
    await settle();
    expect((await incidents.readIncident(incident?.id ?? ''))?.status).toBe('resolved');
  });

  it.each([
    ['still fires', [], [{ status: 'triggered' }]],
    ['has cleared', [alertAt(1800, 'resolve')], []],
  ] as const)('decides when a mute is over about an alarm that %s', async (_what, meanwhile, opened) => {
    const table = new MemoryTable();
    const { take, settle } = aTriage(table);
    const mute = { suppressed_by: 'mute', suppressed_until: at(3600).toISOString() } as const;
    expect(await take({ ...alertAt(0, 'trigger'), ...mute }, at(1))).toMatchObject({
      decision: 'hold',
      reason: 'mute',
    });
    for (const alert of meanwhile) await take({ ...alert, ...mute }, at(1801));
    await settle();
    const incidents = table.below('INCIDENT#').filter(({ sk }) => sk === 'INCIDENT');
    expect(incidents).toMatchObject(opened);
  });

  it.each([
    ['in maintenance', {}],
    ['muted', { suppressed_by: 'mute' } as const],
  ])('hears of a relapse while a repair is being proven, though its alarm is %s', async (_how, change) => {
    const table = new MemoryTable();
    const { take, incidents } = aTriage(table);
    const { incident } = await take(alertAt(0, 'trigger'), at(0));
    const id = incident?.id ?? '';
    const now = { id: 'automation-started', kind: 'automation-started', by: 'runbook:x', text: 'Now.' } as const;
    await incidents.record(id, () => ({ entry: now, patch: { remediation: 'running' } }), at(10));
    await take(alertAt(20, 'resolve'), at(20));
    const during = 'suppressed_by' in change ? take : aTriage(table, { maintenance: [maintenance] }).take;
    expect(await during({ ...alertAt(30, 'trigger', 'b'), ...change }, at(30))).not.toMatchObject({ decision: 'open' });
    expect(await during({ ...alertAt(30, 'trigger'), ...change }, at(30))).toMatchObject({ decision: 'join' });
    expect((await incidents.readIncident(id))?.symptom).toBe('firing');
  });

  it.each([
    ['nothing settles', { settle_seconds: 0 }, {}],
    ['an alarm is deleted', { settle_seconds: 60 }, { operation: 'delete' }],
  ])('does not resolve a group while others fire, where %s', async (_what, rules, custom_details) => {
    const { take, settle, incidents, held } = aTriage(new MemoryTable(), { ...grouped, ...rules });
    const { incident } = await take(alertAt(0, 'trigger', 'a'), at(0));
    await take(alertAt(1, 'trigger', 'b'), at(1));
    const clear = (key: string, seconds: number) => {
      const alert = alertAt(seconds, 'resolve', key);
      return take({ ...alert, payload: { ...alert.payload, custom_details } }, at(seconds));
    };
    expect(await clear('a', 100)).toMatchObject({ decision: 'clear-member', reason: 'others-firing' });
    expect(held).toEqual([]);
    expect((await incidents.readIncident(incident?.id ?? ''))?.status).toBe('triggered');
    await clear('b', 200);
    await settle();
    expect((await incidents.readIncident(incident?.id ?? ''))?.status).toBe('resolved');
  });

  it('resolves a group whose alerts clear at the same moment, where nothing settles', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { take, settle, incidents } = aTriage(interleaved(new MemoryTable(), scheduler), grouped);
        const keys = ['a', 'b', 'c'];
        const taken = [];
        for (const key of keys) taken.push(await scheduler.waitFor(take(alertAt(0, 'trigger', key), at(0))));
        await scheduler.waitFor(Promise.all(keys.map(async (key) => take(alertAt(100, 'resolve', key), at(100)))));
        await scheduler.waitFor(settle());
        const [incident] = await scheduler.waitFor(historyOf(incidents, taken[0]?.incident?.id ?? ''));
        expect(incident?.status).toBe('resolved');
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
