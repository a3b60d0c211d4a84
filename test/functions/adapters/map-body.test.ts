import { describe, expect, it } from 'vitest';
import { mapBody } from '../../../functions/adapters/map-body.ts';

const needed = { dedup_key: 'id', summary: 'text' };

describe('mapBody', () => {
  it('takes one alert of a body without a list', async () => {
    expect(await mapBody(needed, { id: 7, text: 'down' })).toEqual({
      kind: 'mapped',
      alerts: [{ dedup_key: 7, summary: 'down' }],
    });
  });

  it('shows every alert of a list the whole body as $body', async () => {
    const body = {
      site: 'shop',
      list: [
        { id: 'a', text: 'x' },
        { id: 'b', text: 'y' },
      ],
    };
    const mapped = await mapBody({ ...needed, alerts: 'list', source: '$body.site' }, body);
    expect(mapped).toMatchObject({
      alerts: [
        { dedup_key: 'a', source: 'shop' },
        { dedup_key: 'b', source: 'shop' },
      ],
    });
  });

  it('leaves out what an expression does not find', async () => {
    expect(await mapBody({ ...needed, group: 'nowhere' }, { id: 'a', text: 'x' })).toEqual({
      kind: 'mapped',
      alerts: [{ dedup_key: 'a', summary: 'x' }],
    });
  });

  it('has no alert of a body that has none', async () => {
    expect(await mapBody({ ...needed, alerts: 'list' }, { text: 'x' })).toEqual({ kind: 'mapped', alerts: [] });
  });

  it.each([
    ['adds a word to a number', 'id + 1', /fails on this body/],
    ['runs what the sender wrote', '$eval(id)', /fails on this body/],
    ['never ends', '($f := function($x) { $f($x + 1) }; $f(1))', /fails on this body/],
    ['is nested without an end', '($f := function($x) { 1 + $f($x) }; $f(1))', /fails on this body/],
    ['goes through everything for everything', '$sum([1..5000].($a := $; [1..5000].($a * $)))', /fails on this body/],
  ])('names an expression that %s', async (_, expression, message) => {
    const mapped = await mapBody({ ...needed, severity: expression }, { id: 'word', text: 'x' });
    expect(mapped).toMatchObject({ kind: 'mapped', alerts: [{ mapping_failed: [{ path: 'mapping.severity' }] }] });
    expect(JSON.stringify(mapped)).toMatch(message);
  });

  it('maps the other alerts of a body when one cannot be', async () => {
    const body = [
      { id: 'a', text: 'x', level: 1 },
      { id: 'b', text: 'y', level: 'one' },
    ];
    const mapped = await mapBody({ ...needed, severity: 'level + 1' }, body);
    expect(mapped).toMatchObject({ alerts: [{ dedup_key: 'a' }, { mapping_failed: [{ path: 'mapping.severity' }] }] });
  });

  it('says so when not even the alerts can be found', async () => {
    const mapped = await mapBody({ ...needed, alerts: 'list + 1' }, { list: 'x' });
    expect(mapped).toMatchObject({ kind: 'failed', errors: [{ path: 'mapping.alerts' }] });
  });

  it.each([null, 1, 'text', [], [[]], { id: null }])('ends on the body %j', async (body) => {
    expect((await mapBody({ ...needed, alerts: '$.list' }, body)).kind).toMatch(/mapped|failed/);
  });
});
