import { EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../functions/adapters/event-bus.ts';

type Answer = (entries: readonly PutEventsRequestEntry[]) => (string | undefined)[] | Error;

/** A bus that answers every request with the error codes that `answer` gives, one for each entry. */
function aBus(answer: Answer = (entries) => entries.map(() => undefined)) {
  const requests: PutEventsRequestEntry[][] = [];
  const pauses: number[] = [];
  const client = Object.assign(new EventBridgeClient({ region: 'eu-central-1' }), {
    send: async ({ input }: { input: { Entries: PutEventsRequestEntry[] } }) => {
      requests.push(input.Entries);
      const codes = answer(input.Entries);
      if (codes instanceof Error) throw codes;
      const Entries = codes.map((code) => (code ? { ErrorCode: code } : { EventId: 'id' }));
      return { FailedEntryCount: codes.filter(Boolean).length, Entries };
    },
  });
  const bus = new EventBus(client, 'handsoff', async (ms) => void pauses.push(ms));
  return { bus, requests, pauses };
}
const events = (count: number, detail = '{}') =>
  Array.from({ length: count }, (_, index) => ({ source: `s${index}`, detailType: 'Alert Received', detail }));

describe('EventBus', () => {
  it('puts events on the named bus, ten to a request', async () => {
    const { bus, requests } = aBus();
    await bus.put(events(25));
    expect(requests.map((entries) => entries.length)).toEqual([10, 10, 5]);
    expect(requests[0]?.[0]).toEqual({
      EventBusName: 'handsoff',
      Source: 's0',
      DetailType: 'Alert Received',
      Detail: '{}',
    });
  });

  it('keeps each request below 1 MB in UTF-8', async () => {
    const { bus, requests } = aBus();
    await bus.put(events(10, JSON.stringify('é'.repeat(100_000))));
    expect(requests.map((entries) => entries.length)).toEqual([4, 4, 2]);
  });

  it('asks nobody for no events', async () => {
    const { bus, requests } = aBus();
    await bus.put([]);
    expect(requests).toEqual([]);
  });

  it('sends again what failed, and only that', async () => {
    let time = 0;
    const { bus, requests, pauses } = aBus((entries) => {
      time += 1;
      return entries.map((_, index) => (time === 1 && index % 2 === 1 ? 'InternalFailure' : undefined));
    });
    await bus.put(events(4));
    expect(requests.map((entries) => entries.map(({ Source }) => Source))).toEqual([
      ['s0', 's1', 's2', 's3'],
      ['s1', 's3'],
    ]);
    expect(pauses).toEqual([100]);
  });

  it.each([
    [['ThrottlingException'], true],
    [['InternalFailure'], false],
    [['ThrottlingException', 'InternalFailure'], false],
  ])('throws when events still fail after four attempts, with %j as throttled: %s', async (codes, throttled) => {
    const { bus, requests, pauses } = aBus((entries) => entries.map((_, index) => codes[index % codes.length]));
    await expect(bus.put(events(2))).rejects.toMatchObject({ name: 'BusRefusedError', throttled });
    expect([requests.length, pauses]).toEqual([4, [100, 200, 400]]);
  });

  it('throws when an event got no answer', async () => {
    await expect(aBus(() => []).bus.put(events(1))).rejects.toThrow('1 of 1 events are not on the bus handsoff');
  });

  it.each([
    ['ThrottlingException', true],
    ['AccessDeniedException', false],
  ])('throws when the bus answers the whole request with %s', async (name, throttled) => {
    const error = Object.assign(new Error('no'), { name });
    await expect(aBus(() => error).bus.put(events(1))).rejects.toMatchObject({ throttled, cause: error });
  });
});
