import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { explainEvent } from '../../cli/triage/explain-event.ts';
import { whyUnheard } from '../../cli/triage/why-unheard.ts';
import { compilePattern } from '../../event-pattern/pattern.ts';
import { normaliseEvent } from '../../functions/adapters/intake/normalise-event.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import { awsEventKinds } from '../../infra/event-patterns.ts';
import { loadEvent } from '../support/load-fixture.ts';
import { testAssembly } from '../support/stage.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

describe('explain', () => {
  it('walks an alarm through every stage up to the one that decides', () => {
    const { kind, stages = [], service, priority } = explainEvent(loadEvent('cloudwatch/disk-space-low-alarm'));
    expect(kind).toBe('alert');
    expect(stages.at(-1)).toEqual({ stage: 'open', says: 'open (new-trouble)' });
    expect(stages.slice(0, -1).every(({ says }) => says === 'passes')).toBe(true);
    expect({ service, priority }).toEqual({ service: 'platform', priority: 'P2' });
  });

  it.each([
    ['suppressed-alarm', 'suppress (suppressor)'],
    ['muted-alarm', 'hold (mute) until 2026-11-02T04:00:00.000Z'],
  ])('ends at the stage that suppresses %s: %s', (fixture, says) => {
    const { stages = [] } = explainEvent(loadEvent(`cloudwatch/${fixture}`));
    expect(stages.at(-1)).toEqual({ stage: 'suppress', says });
  });

  it('says of each runbook that does not match which field is to blame, and what it wanted', () => {
    const { runbooks = [] } = explainEvent(loadEvent('cloudwatch/disk-space-low-alarm'));
    const ec2 = runbooks.find(({ id }) => id === 'ec2-status-check-failed');
    expect(ec2?.matches).toBe(false);
    expect(ec2?.because.map(({ path, found }) => [path, found])).toEqual([
      ['payload.component', 'CWAgent'],
      ['payload.class', 'disk_used_percent'],
    ]);
    expect(runbooks.find(({ matches }) => matches)?.id).toBe('disk-space-low');
    expect(runbooks.at(-1)?.id).toBe('default');
  });

  it('names every field of an event that cannot be read', () => {
    const { kind, errors = [] } = explainEvent({ 'detail-type': 'CloudWatch Alarm State Change' });
    expect(kind).toBe('poison');
    expect(errors.length).toBeGreaterThan(3);
  });

  it('refuses a time that is none', () => {
    expect(() => explainEvent(loadEvent('cloudwatch/muted-alarm'), 'noon')).toThrow('noon is not a time');
  });
});

describe('an event that no rule takes as an alert', () => {
  const events = new URL('../fixtures/events/', import.meta.url);
  const names = readdirSync(events, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.expected)\.json$/.test(file))
    // Handsoff's own comes from a schedule, which has no pattern.
    .filter((file) => file !== 'self-test/scheduled.json')
    .map((file) => file.replace('.json', ''));
  const sent = names.map((name) => [name, loadEvent(name)] as const).filter(([, event]) => 'detail-type' in event);

  /** Those patterns of the default bus that start intake, as they would be deployed. */
  function patternsOfIntake() {
    const template = JSON.parse(readFileSync(`${testAssembly}/handsoff.template.json`, 'utf8')) as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    return Object.values(template.Resources)
      .filter(({ Type, Properties: { EventBusName, EventPattern, Targets } }) => {
        return Type === 'AWS::Events::Rule' && !EventBusName && EventPattern && /Intake/.test(JSON.stringify(Targets));
      })
      .map(({ Properties }) => compilePattern(Properties['EventPattern']));
  }

  it('is any that the template has no rule for', () => {
    const { deployed, listensTo } = loadConfig(checkout);
    const patterns = patternsOfIntake();
    for (const [name, event] of sent) {
      const { kind } = normaliseEvent(event, new Date(), deployed);
      // What is no alert anyway may be let in or not.
      if (kind === 'noise' || kind === 'change') continue;
      const isTaken = patterns.some((pattern) => pattern.matches(event));
      expect([name, whyUnheard(event, listensTo) === undefined]).toEqual([name, isTaken]);
    }
  });

  const named = (alarm: string | undefined) => (event: ReturnType<typeof loadEvent>) => ({
    ...event,
    detail: { ...(event['detail'] as object), alarmName: alarm },
  });
  const by = (source: string) => (event: ReturnType<typeof loadEvent>) => ({ ...event, source });

  it.each([
    ["Handsoff's own alarm", 'cloudwatch/disk-space-low-alarm', named('handsoff-intake-failed')],
    ["the end of Handsoff's own alarm", 'cloudwatch/alarm-deleted', named('handsoff-intake-failed')],
    ['an alarm without a name', 'cloudwatch/disk-space-low-alarm', named(undefined)],
    ['a finding that calls itself ours', 'guardduty/port-probe', by('handsoff.guardduty')],
  ])('is what its rules say: %s', (_, name, change) => {
    const event = JSON.parse(JSON.stringify(change(loadEvent(name)))) as unknown;
    const isTaken = patternsOfIntake().some((pattern) => pattern.matches(event));
    expect(whyUnheard(event, loadConfig(checkout).listensTo) === undefined).toBe(isTaken);
  });

  it('is not what comes another way, as from a schedule of its own, another bus or an action of an alarm', () => {
    for (const name of ['self-test/scheduled', 'cloudwatch/lambda-alarm', 'cloudwatch/sns-alarm'])
      expect([name, explainEvent(loadEvent(name)).unheard]).toEqual([name, undefined]);
    const received = { source: 'handsoff.pagerduty', 'detail-type': 'Alert Received', detail: {} };
    expect(whyUnheard(received, loadConfig(checkout).listensTo)).toBeUndefined();
  });

  it('is none that says itself what is wrong with it', () => {
    const { errors = [] } = explainEvent(loadEvent('cloudwatch/lambda-unreadable'));
    expect(errors).not.toEqual([]);
    expect(errors.map(({ path }) => path)).not.toContain('detail-type');
  });

  it.each([
    ['datadog-partner/recovered', /^partner_buses of config\/sources\.yaml does not name aws\.partner\/datadog\.com\//],
    ['ecs/task-of-service-failed-to-start', /^aws_events of config\/sources\.yaml does not list ecs-tasks$/],
    ['cloudwatch/alarm-sent-by-somebody', /is heard on the bus handsoff alone$/],
  ])('says why: %s', (name, why) => {
    expect(explainEvent(loadEvent(name)).unheard).toMatch(why);
  });

  it('is heard where the configuration says so', () => {
    const everything = { aws_events: awsEventKinds.map(({ name }) => name), partner_buses: [] };
    const task = loadEvent('ecs/task-of-service-failed-to-start');
    expect(whyUnheard(task, everything)).toBeUndefined();
    const partner = loadEvent('datadog-partner/recovered');
    expect(whyUnheard(partner, { ...everything, partner_buses: [String(partner['source'])] })).toBeUndefined();
  });

  it('is none that a tool sent, of which no rule knows yet', () => {
    const { errors } = explainEvent(loadEvent('pagerduty/acknowledge'));
    expect(errors?.[0]?.message).toMatch(/no event of EventBridge; what a tool sends over HTTP goes to the URL/);
  });
});
