import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../cli/project-root.ts';
import { replay } from '../../cli/replay.ts';
import { loadEvent } from '../support/load-fixture.ts';

let folder: string;
let recorded: string;

/** An alarm that nobody knows a repair for, at a minute and second of one hour. */
function event(name: string, value: 'ALARM' | 'OK', at: string, severity = 'critical'): string {
  const event = structuredClone(loadEvent('cloudwatch/ec2-status-check-alarm'));
  const time = `2026-11-02T${at}.000Z`;
  const detail = event['detail'] as { state: object; configuration: { metrics: object[] } };
  Object.assign(detail.state, { value, timestamp: time });
  Object.assign(detail, { alarmName: name, alarmTags: { severity } });
  detail.configuration.metrics = [];
  const resources = [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${name}`];
  return JSON.stringify({ ...event, id: `${name}-${at}`, time, resources });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
  for (const part of ['config', 'statemachines'])
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  recorded = join(folder, 'events.jsonl');
  const short = [event('short', 'ALARM', '03:00:00'), event('short', 'OK', '03:02:00')];
  const long = [event('long', 'ALARM', '04:00:00'), event('long', 'OK', '04:30:00')];
  writeFileSync(recorded, [...long, ...short, ''].join('\n'));
});

function changeTriage(from: RegExp, to: string): void {
  const file = join(folder, 'config/triage.yaml');
  writeFileSync(file, readFileSync(join(projectRoot, 'config/triage.yaml'), 'utf8').replace(from, to));
}

describe('replay', () => {
  it('finds nothing to save where nothing was changed', async () => {
    changeTriage(/$^/, '');
    expect(await replay(folder, recorded)).toMatchObject({
      events: 4,
      now: { incidents: 2, pages: 2 },
      changed: { incidents: 2, pages: 2 },
      pages_saved: 0,
      missed: [],
    });
  });

  it('counts the page that a longer pause saves, and names the incident that nobody would have seen', async () => {
    changeTriage(/pause:\n.*/, 'pause:\n  - { id: all, match: { event_action: [trigger] }, for: 5m }');
    const result = await replay(folder, recorded);
    expect(result).toMatchObject({ changed: { incidents: 1, pages: 1 }, pages_saved: 1 });
    expect(result.missed.map(({ title }) => title)).toEqual([expect.stringContaining('short')]);
    expect(result.changed.reasons['transient']).toBeGreaterThan(0);
  });

  it('counts the call that comes of a cause that gets worse', async () => {
    changeTriage(/$^/, '');
    const worse = join(folder, 'worse.jsonl');
    const lines = ['warning', 'error', 'error'].map((severity, hour) =>
      event('disk', 'ALARM', `0${hour}:00:00`, severity),
    );
    writeFileSync(worse, lines.join('\n'));
    expect(await replay(folder, worse)).toMatchObject({ now: { incidents: 1, pages: 2 }, missed: [] });
  });

  it('counts no event that no rule takes, under the rules that do not', async () => {
    changeTriage(/$^/, '');
    const sources = join(folder, 'config/sources.yaml');
    const before = readFileSync(sources, 'utf8');
    writeFileSync(sources, before.replace('guardduty, securityhub', 'guardduty'));
    const events = [
      'security-hub/control-failed',
      'ecs/task-of-service-failed-to-start',
      'datadog-partner/no-data-of-host',
    ];
    const file = join(folder, 'unheard.jsonl');
    writeFileSync(
      file,
      [...events.map((name) => JSON.stringify(loadEvent(name))), event('any', 'ALARM', '05:00:00')].join('\n'),
    );
    const result = await replay(folder, file);
    writeFileSync(sources, before);
    expect(result).toMatchObject({
      now: { incidents: 2, reasons: { 'no-rule': 2 } },
      changed: { incidents: 1, reasons: { 'no-rule': 3 } },
    });
    expect(result.missed).toHaveLength(1);
  });

  it('takes events in the order of their own times, however they stand in the file', async () => {
    changeTriage(/$^/, '');
    const backwards = join(folder, 'backwards.jsonl');
    writeFileSync(backwards, readFileSync(recorded, 'utf8').trim().split('\n').reverse().join('\n'));
    const result = await replay(folder, backwards);
    expect(result).toMatchObject({ events: 4, now: { incidents: 2, pages: 2 } });
    expect(result).toEqual(await replay(folder, recorded));
  });

  it('takes the events from standard input too', async () => {
    changeTriage(/$^/, '');
    const input = readFileSync(recorded);
    const command = ['cli/handsoff.mjs', 'replay', '--rules', folder, '--from', '-', '--json'];
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: projectRoot, encoding: 'utf8', input });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(await replay(folder, recorded));
  });

  it('refuses what is no other rules, or no events', async () => {
    const empty = join(folder, 'empty.jsonl');
    writeFileSync(empty, '\n');
    await expect(replay('/nope', recorded)).rejects.toThrow('--rules /nope has no config/');
    await expect(replay(projectRoot, recorded)).rejects.toThrow('is this checkout itself');
    await expect(replay(folder, folder)).rejects.toThrow(`--from ${folder} is a folder`);
    await expect(replay(folder, empty)).rejects.toThrow('holds no event');
  });

  it('says which line it cannot read', async () => {
    const bad = join(folder, 'bad.jsonl');
    writeFileSync(bad, `${event('a', 'ALARM', '03:00:00')}\n{"no":"time"}\n`);
    await expect(replay(folder, bad)).rejects.toThrow('bad.jsonl:2 has no time');
  });
});
