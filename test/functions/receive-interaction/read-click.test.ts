import { describe, expect, it } from 'vitest';
import { readClick } from '../../../functions/receive-interaction/read-click.ts';
import { aPayload, formOf } from './a-click.ts';

const read = (payload: unknown) => readClick(Buffer.from(formOf(payload)));

describe('readClick', () => {
  it.each(['acknowledge', 'resolve', 'approve', 'refuse'])('reads %s', (action) => {
    expect(read(aPayload(action, 'inc-1'))).toEqual({
      action,
      value: 'inc-1',
      userId: 'U0HANDSOFF1',
      by: 'robin (slack:U0HANDSOFF1)',
      channel: 'C0INCIDENTS',
    });
  });

  it.each([
    ['a name that hides something', { id: 'U1', name: 'rob\u202Ein\nRESOLVED' }, 'robin RESOLVED (slack:U1)'],
    ['a long name', { id: 'U1', name: 'x'.repeat(100) }, `${'x'.repeat(59)}… (slack:U1)`],
    ['no name', { id: 'U1' }, 'slack:U1'],
    ['an older form of the name', { id: 'U1', username: 'robin' }, 'robin (slack:U1)'],
  ])('keeps the id beside %s', (_what, user, by) => {
    expect(read(aPayload('acknowledge', 'inc-1', { user }))?.by).toBe(by);
  });

  it.each<[string, unknown]>([
    ['another kind of payload', { ...aPayload('acknowledge', 'inc-1'), type: 'view_submission' }],
    ['a button of somebody else', aPayload('launch', 'inc-1')],
    ['an action named like a member of every object', aPayload('constructor', 'inc-1')],
    ['a value that is no id', aPayload('acknowledge', '../../etc#x')],
    ['a value that is too long', aPayload('acknowledge', 'a'.repeat(65))],
    ['no value', aPayload('acknowledge', '')],
    ['no actions', aPayload('acknowledge', 'inc-1', { actions: [] })],
    ['a user without an id', aPayload('acknowledge', 'inc-1', { user: { name: 'robin' } })],
    ['a user id that is none', aPayload('acknowledge', 'inc-1', { user: { id: '<!channel>' } })],
    ['no JSON', '{'],
    ['JSON that is no object', '[]'],
    ['members of the prototype', '{"__proto__":{"type":"block_actions"}}'],
  ])('ignores %s', (_what, payload) => {
    expect(read(payload)).toBeUndefined();
  });

  it('ignores a form with two payloads', () => {
    const form = `${formOf(aPayload('acknowledge', 'inc-1'))}&${formOf(aPayload('resolve', 'inc-1'))}`;
    expect(readClick(Buffer.from(form))).toBeUndefined();
  });

  it('ignores a body that is not UTF-8', () => {
    expect(readClick(Buffer.from([0xff, 0xfe, 0x00]))).toBeUndefined();
  });
});
