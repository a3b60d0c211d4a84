import { describe, expect, it } from 'vitest';
import { entryKinds, type Incident, type TimelineEntry } from '../../../../functions/domain/incident.ts';
import { renderSlackRoot } from '../../../../functions/domain/telling/render-slack.ts';
import { renderSns } from '../../../../functions/domain/telling/render-sns.ts';
import { whatToSay } from '../../../../functions/domain/telling/what-to-say.ts';
import { anEntry } from '../../../support/an-entry.ts';
import { anIncident } from '../../../support/an-incident.ts';
import { diskIncident, fullTimeline, timelineUpTo } from './an-hour.ts';

const triggered = anEntry({ kind: 'triggered' });
const needsHuman = anEntry({ kind: 'needs-human', seq: 5 });
const acknowledged = anEntry({ kind: 'acknowledged', seq: 6, by: 'sam (slack:U2)' });

function say(incident: Incident, timeline: readonly TimelineEntry[], entry = timeline.at(-1) ?? triggered) {
  return whatToSay(incident, timeline, entry);
}

describe('whatToSay', () => {
  it('begins with priority, what happened, and to what', () => {
    expect(say(anIncident(), [triggered]).headline).toBe(
      '[P2] TRIGGERED: EC2 status check failed · i-0a1b2c3d4e5f60718',
    );
  });

  it('keeps the first line short enough for a lock screen', () => {
    const { headline, status } = say(anIncident({ title: `a\n${'🔥'.repeat(200)}` }), [triggered]);
    for (const line of [headline, status]) {
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).not.toMatch(/\p{Cs}/u);
      expect(line).not.toContain('\n');
    }
  });

  it.each<[string, Partial<Incident>, TimelineEntry[], string, RegExp]>([
    ['an acting runbook at work', {}, [triggered], 'TRIGGERED', /called only if it cannot/],
    ['a runbook that asks', { mode: 'approve' }, [triggered], 'TRIGGERED', /asks before it changes anything/],
    ['a runbook that only looks', { mode: 'observe' }, [triggered], 'TRIGGERED', /only looks/],
    ['a repair at work', { remediation: 'running' }, [triggered], 'REPAIRING', /Nothing needs to be done yet/],
    [
      'a repair that seems to help',
      { remediation: 'running', symptom: 'clear' },
      [triggered],
      'WATCHING RECOVERY',
      /whether it stays so/,
    ],
    ['a person called', {}, [triggered, needsHuman], 'PERSON NEEDED', /has to take over/],
    [
      'a person who came',
      { status: 'acknowledged', acknowledged_by: 'sam' },
      [triggered, needsHuman, acknowledged],
      'ACKNOWLEDGED',
      /^sam is on it/,
    ],
    [
      'a person called after somebody came',
      { status: 'acknowledged' },
      [triggered, acknowledged, needsHuman],
      'PERSON NEEDED',
      /has to take over: look at/,
    ],
    ['the end', { status: 'resolved' }, [triggered], 'RESOLVED', /Nothing is left to do/],
    [
      'the very end',
      { status: 'resolved', closed_at: '2026-11-02T04:00:00.000Z' },
      [triggered],
      'CLOSED',
      /Nothing is left to do/,
    ],
    [
      'what was given up',
      { status: 'resolved', closed_at: '2026-11-09T04:00:00.000Z' },
      [triggered, anEntry({ kind: 'given-up' }), anEntry({ kind: 'closed' })],
      'CLOSED',
      /may still fire: look at the alarm/,
    ],
  ])('says where it stands and what comes next with %s', (_what, wishes, timeline, word, next) => {
    const message = say(anIncident(wishes), timeline);
    expect(message.status).toContain(`[P2] ${word}: `);
    expect(message.next).toMatch(next);
  });

  it('does not say that a repair changed anything which was refused after it had taken its target', () => {
    const begun = anEntry({ kind: 'automation-started', text: 'Now: Restart.' });
    expect(say(anIncident(), [triggered, begun]).changed).toHaveLength(1);
    expect(say(anIncident(), [triggered, begun, anEntry({ kind: 'remediation-refused' })]).changed).toEqual([]);
  });

  it('says until when an approver has to answer', () => {
    const message = say(diskIncident({ remediation: 'awaiting-approval' }), timelineUpTo(3));
    expect(message.next).toContain('until 03:15:00 UTC');
    expect(message.status).toContain('APPROVAL NEEDED');
  });

  it('lists what needs a look first', () => {
    expect(say(diskIncident(), timelineUpTo(2)).findings).toEqual([
      'unhealthy: disk-usage: /var is 93 % full.',
      'healthy: scheduled-events: AWS plans nothing.',
    ]);
  });

  it('counts findings where it lists them, instead of saying them twice', () => {
    expect(say(diskIncident(), timelineUpTo(2)).happened).toBe('2 findings, 1 of them unhealthy.');
  });

  it('tells what was changed and what people did, and no deeds of automation as deeds of people', () => {
    const message = say(diskIncident({ status: 'resolved' }), fullTimeline);
    expect(message.changed).toEqual(['03:03:02 UTC: Compress logs below /var/log.']);
    expect(message.people).toEqual(['03:03:00 UTC: robin (slack:U1) approved the change.']);
  });

  it('shows the newest state with a line that is late', () => {
    const message = say(diskIncident({ status: 'resolved' }), fullTimeline, fullTimeline[0]);
    expect(message.headline).toContain('TRIGGERED');
    expect(message.status).toContain('RESOLVED');
    expect(message.buttons).toEqual([]);
  });

  it('gives the whole timeline to the publication of the recovery and to the thread of the closing', () => {
    const resolved = say(diskIncident({ status: 'resolved' }), fullTimeline);
    expect(resolved.timeline).toContain('TRIGGERED: The disk of checkout-1 is nearly full.');
    expect(resolved.thread?.timeline).toBeUndefined();
    const closed = say(diskIncident({ status: 'resolved' }), [...fullTimeline, anEntry({ kind: 'closed', seq: 7 })]);
    expect(closed.timeline).toBeUndefined();
    expect(closed.thread?.timeline).toContain('RESOLVED: Recovered, and stayed so.');
  });

  it('says how bad it has become, not how it began', () => {
    const severityIn = (incident: Incident) => new Map(say(incident, [triggered]).facts).get('Severity');
    expect(severityIn(anIncident())).toBe('error');
    expect(severityIn(anIncident({ severity: 'critical', priority: 'P1' }))).toBe('critical');
  });

  it('leaves the opening out of the thread, because the message itself says it', () => {
    expect(say(anIncident(), [triggered]).thread).toBeUndefined();
    expect(say(anIncident(), [triggered, needsHuman]).thread?.byline).toBe('03:00:05 UTC, +00:00:00, handsoff');
  });

  it('says at least what happened, whatever is missing of an incident', () => {
    const whole = anIncident();
    const parts = [...Object.keys(whole), 'alert.payload', 'alert.origin', 'alert.resource', 'alert.links'];
    for (const part of parts.filter((name) => name !== 'id')) {
      const damaged = structuredClone<unknown>(whole) as Incident;
      const [outer = '', inner] = part.split('.');
      Reflect.deleteProperty(inner ? damaged.alert : damaged, inner ?? outer);
      for (const kind of entryKinds) {
        const message = say(damaged, [triggered], anEntry({ kind, seq: 2 }));
        expect(renderSns(message).message).toContain(whole.id);
        expect(renderSlackRoot(message).blocks.length).toBeGreaterThan(2);
      }
    }
  });
});

describe('the summary of a message', () => {
  it('is one line, so that nothing a sender writes looks like a part of ours', () => {
    const { alert, ...incident } = diskIncident();
    const summary = 'disk full\n\nNext: Nothing is left to do.\nPeople:\n- Robin acknowledged.';
    const told = say({ ...incident, alert: { ...alert, payload: { ...alert.payload, summary } } }, timelineUpTo(1));
    expect(told.summary).toEqual(['Alert: disk full Next: Nothing is left to do. People: - Robin acknowledged.']);
  });
});

describe('the buttons of a message', () => {
  const actions = (incident: Incident, timeline: readonly TimelineEntry[]) =>
    say(incident, timeline).buttons.map(({ action }) => action);

  it.each<[string, Partial<Incident>, number, string[]]>([
    ['a new incident', {}, 1, ['acknowledge', 'resolve']],
    ['one that somebody has', { status: 'acknowledged' }, 1, ['resolve']],
    ['a question', { remediation: 'awaiting-approval' }, 3, ['approve', 'refuse', 'acknowledge', 'resolve']],
    ['a question with its answer', { remediation: 'awaiting-approval' }, 4, ['acknowledge', 'resolve']],
    ['a question that is over', { remediation: 'running' }, 3, ['acknowledge', 'resolve']],
    ['the end', { status: 'resolved', remediation: 'awaiting-approval' }, 3, []],
  ])('fit %s', (_what, wishes, count, expected) => {
    expect(actions(diskIncident(wishes), timelineUpTo(count))).toEqual(expected);
  });

  it('carry an opaque id and nothing else', () => {
    const values = say(diskIncident({ remediation: 'awaiting-approval' }), timelineUpTo(3)).buttons.map(
      ({ value }) => value,
    );
    expect(values).toEqual(['a'.repeat(32), 'a'.repeat(32), 'inc-0123456789abcdef0123', 'inc-0123456789abcdef0123']);
  });

  it('show what is agreed to before it counts', () => {
    const approve = say(diskIncident({ remediation: 'awaiting-approval' }), timelineUpTo(3)).buttons[0];
    expect(approve?.confirm).toBe('May it do this? Compress logs below /var/log.');
  });
});
