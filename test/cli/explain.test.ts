import { describe, expect, it } from 'vitest';
import { explain } from '../../cli/explain.ts';
import { loadEvent } from '../support/load-fixture.ts';

describe('explain', () => {
  it('walks an alarm through every stage up to the one that decides', async () => {
    const { kind, stages = [], service, priority } = await explain(loadEvent('cloudwatch/disk-space-low-alarm'));
    expect(kind).toBe('alert');
    expect(stages.at(-1)).toEqual({ stage: 'open', says: 'open (new-trouble)' });
    expect(stages.slice(0, -1).every(({ says }) => says === 'passes')).toBe(true);
    expect({ service, priority }).toEqual({ service: 'platform', priority: 'P2' });
  });

  it.each([
    ['suppressed-alarm', 'suppress (suppressor)'],
    ['muted-alarm', 'hold (mute) until 2026-11-02T04:00:00.000Z'],
  ])('ends at the stage that suppresses %s: %s', async (fixture, says) => {
    const { stages = [] } = await explain(loadEvent(`cloudwatch/${fixture}`));
    expect(stages.at(-1)).toEqual({ stage: 'suppress', says });
  });

  it('says of each runbook that does not match which field is to blame, and what it wanted', async () => {
    const { runbooks = [] } = await explain(loadEvent('cloudwatch/disk-space-low-alarm'));
    const ec2 = runbooks.find(({ id }) => id === 'ec2-status-check-failed');
    expect(ec2?.matches).toBe(false);
    expect(ec2?.because.map(({ path, found }) => [path, found])).toEqual([
      ['payload.component', 'CWAgent'],
      ['payload.class', 'disk_used_percent'],
    ]);
    expect(runbooks.find(({ matches }) => matches)?.id).toBe('disk-space-low');
    expect(runbooks.at(-1)?.id).toBe('default');
  });

  it('names every field of an event that cannot be read', async () => {
    const { kind, errors = [] } = await explain({ 'detail-type': 'CloudWatch Alarm State Change' });
    expect(kind).toBe('poison');
    expect(errors.length).toBeGreaterThan(3);
  });

  it('refuses a time that is none', async () => {
    await expect(explain(loadEvent('cloudwatch/muted-alarm'), 'noon')).rejects.toThrow('noon is not a time');
  });
});
