import { describe, expect, it } from 'vitest';
import { readEntries } from '../../../sandbox/events/put-events.ts';

const NOW = Date.parse('2026-01-02T03:04:05.678Z');

function anEntry(members: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { Source: 'app', DetailType: 'Thing', Detail: '{"a":1}', ...members };
}

function read(...entries: readonly unknown[]) {
  return readEntries({ Entries: entries }, NOW);
}

describe('readEntries', () => {
  it('fills in the default bus, the time of the call and no resources', () => {
    expect(read(anEntry())).toEqual([
      {
        source: 'app',
        detailType: 'Thing',
        detail: '{"a":1}',
        bus: 'default',
        resources: [],
        time: '2026-01-02T03:04:05Z',
      },
    ]);
  });

  it.each([
    ['2020-05-06T07:08:09.9Z', '2020-05-06T07:08:09Z'],
    [1_588_748_889, '2020-05-06T07:08:09Z'],
    [new Date('2020-05-06T07:08:09Z'), '2020-05-06T07:08:09Z'],
  ])('takes the time %s', (Time, time) => {
    expect(read(anEntry({ Time }))).toMatchObject([{ time }]);
  });

  it.each([
    ['Source', undefined],
    ['DetailType', undefined],
    ['Detail', undefined],
    ['Source', ''],
  ])('fails an entry whose %s is %j', (name, value) => {
    expect(read(anEntry({ [name]: value }))).toEqual([
      {
        errorCode: 'InvalidArgument',
        errorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      },
    ]);
  });

  it.each(['text', '"text"', '[]', '{"a":', '5'])('fails an entry whose Detail is %s', (Detail) => {
    expect(read(anEntry({ Detail }))).toEqual([{ errorCode: 'MalformedDetail', errorMessage: 'Detail is malformed.' }]);
  });

  it('fails an entry whose source is reserved for AWS', () => {
    expect(read(anEntry({ Source: 'aws.ec2' }), anEntry({ Source: 'awsome' }))).toMatchObject([
      { errorCode: 'NotAuthorizedForSourceException' },
      { source: 'awsome' },
    ]);
  });

  it('fails an entry whose time is none, and one whose detail type is over 128 characters', () => {
    expect(read(anEntry({ Time: 'soon' }), anEntry({ DetailType: 'x'.repeat(129) }))).toMatchObject([
      { errorCode: 'InvalidArgument' },
      { errorCode: 'InvalidArgument' },
    ]);
  });

  it.each([
    [[], 'greater than or equal to 1'],
    [undefined, 'greater than or equal to 1'],
    [Array.from({ length: 11 }, () => anEntry()), 'less than or equal to 10'],
  ])('refuses a request whose number of entries is out of bounds', (Entries, bound) => {
    expect(() => readEntries({ Entries }, NOW)).toThrow(bound);
  });

  it('accepts a request just below 1 MB and refuses one of 1 MB, counting UTF-8 bytes and 14 for a time', () => {
    const detailOf = (bytes: number) => `{"a":"${'é'.repeat((bytes - 8) / 2)}"}`;
    const free = 1024 * 1024 - 'app'.length - 'Thing'.length - 14;
    expect(read(anEntry({ Time: 0, Detail: detailOf(free - 2) }))).toMatchObject([{ source: 'app' }]);
    expect(() => read(anEntry({ Time: 0, Detail: detailOf(free) }))).toThrow('over the limit');
  });

  it('refuses a global endpoint', () => {
    expect(() => readEntries({ EndpointId: 'x.veo', Entries: [anEntry()] }, NOW)).toThrow('does not support');
  });
});
