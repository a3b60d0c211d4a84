import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { callPerson, type CallRequest } from '../../functions/call-person/call.ts';
import type { EntryKind, Incident } from '../../functions/domain/incident.ts';
import { responseInputOf } from '../../functions/domain/response-input.ts';
import { urgencyOf } from '../../functions/domain/telling/telling-rules.ts';
import type { AwsCall } from '../../sandbox/aws.ts';
import { aService } from '../sandbox/states/machines.ts';
import { aConfig } from '../support/a-config.ts';
import { anIncident } from '../support/an-incident.ts';

const definition: object = JSON.parse(
  readFileSync('statemachines/respond.asl.json', 'utf8').replace(/\$\{(\w+)FunctionArn\}/g, '$1'),
);
const support_hours = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '08:00',
  to: '18:00',
  timezone: 'Europe/Berlin',
} as const;

/** Lets an incident go by that nobody answers; says when people were called, by the clocks of Berlin. */
async function callsOf(
  wishes: Partial<Incident>,
): Promise<{ readonly calls: readonly string[]; readonly status: string | undefined }> {
  const incident = anIncident({ priority: 'P3', mode: 'observe', support_hours, ...wishes });
  const calls: string[] = [];
  const { clock, start, service } = aService([{ definition }], async ({ input }: AwsCall) => {
    const request = JSON.parse(String(input['Payload'])) as CallRequest;
    if (input['FunctionName'] !== 'CallPerson') return { StatusCode: 200, Payload: '{}' };
    const now = new Date(clock.now());
    const record = async (_id: string, change: (current: Incident) => unknown) => {
      const wanted = (await change(incident)) as { entry: { kind: EntryKind } } | undefined;
      if (wanted && urgencyOf(wanted.entry.kind, incident, now.toISOString()) === 'high') calls.push(berlin(now));
      return wanted ? ('recorded' as const) : ('refused' as const);
    };
    const answer = await callPerson(request, { record, readStorm: async () => undefined }, now);
    return { StatusCode: 200, Payload: JSON.stringify(answer) };
  });
  await clock.run(undefined, Date.parse(incident.opened_at));
  await start(responseInputOf(incident, aConfig()));
  await clock.run(() => service.executions()[0]?.status !== 'RUNNING');
  return { calls, status: service.executions()[0]?.status };
}

function berlin(time: Date): string {
  const parts = {
    timeZone: 'Europe/Berlin',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  return new Intl.DateTimeFormat('en-GB', parts).format(time);
}

it('calls nobody out of support hours to what can wait, also where it was opened within them', async () => {
  const { calls } = await callsOf({ opened_at: '2026-11-06T16:45:00.000Z' });
  const first = ['Fri 17:45', 'Fri 17:55', 'Mon 08:00', 'Mon 08:10'];
  const onceADay = ['Tue 08:10', 'Wed 08:10', 'Thu 08:10', 'Fri 08:10', 'Mon 08:00', 'Tue 08:00', 'Wed 08:00'];
  expect(calls).toEqual([...first, ...onceADay, 'Wed 08:00']);
});

it('calls at any hour to what cannot wait', async () => {
  const { calls } = await callsOf({ opened_at: '2026-11-06T16:45:00.000Z', priority: 'P2' });
  expect(calls.slice(0, 5)).toEqual(['Fri 17:45', 'Fri 17:55', 'Fri 18:05', 'Fri 18:15', 'Sat 18:15']);
});

it('comes to its own end where support hours are those of one day', async () => {
  const { calls, status } = await callsOf({
    opened_at: '2026-11-06T16:45:00.000Z',
    support_hours: { ...support_hours, days: ['mon'] },
  });
  expect(status).toBe('SUCCEEDED');
  expect(calls.slice(0, 4)).toEqual(['Mon 08:00', 'Mon 08:10', 'Mon 08:20', 'Mon 08:00']);
});
