import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryKinds, type TimelineEntry } from '../../../../functions/domain/incident.ts';
import {
  renderSlackRoot,
  renderSlackThread,
  type SlackText,
} from '../../../../functions/domain/telling/render-slack.ts';
import { whatToSay } from '../../../../functions/domain/telling/what-to-say.ts';
import { blockFaults, isTooLong } from '../../../../sandbox/peers/slack-blocks.ts';
import { anAlert } from '../../../support/an-alert.ts';
import { anEntry } from '../../../support/an-entry.ts';
import { anIncident } from '../../../support/an-incident.ts';
import { diskIncident, fullTimeline, timelineUpTo } from './an-hour.ts';

const attack = '<!channel> <@U123> <https://evil.tld|Console> *bold* &lt; :skull: \u202Egnp.exe\u200B';

interface TextObject {
  readonly type: string;
  readonly text: string;
}

/** Every text object anywhere below a value. */
function textObjectsIn(value: unknown): TextObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(textObjectsIn);
  const isText = 'type' in value && (value.type === 'mrkdwn' || value.type === 'plain_text') && 'text' in value;
  return isText ? [{ type: String(value.type), text: String(value.text) }, ...inner] : inner;
}

function attacked(): SlackText[] {
  const alert = anAlert({
    links: [{ href: 'https://evil.tld/', text: 'Console' }],
    resource: { type: attack, id: attack },
  });
  const payload = { ...alert.payload, summary: attack, group: attack };
  const incident = anIncident({
    title: attack,
    service: attack,
    acknowledged_by: attack,
    alert: { ...alert, payload },
  });
  const findings = [{ diagnostic: attack, verdict: 'unknown', summary: attack }] as const;
  const entries: TimelineEntry[] = entryKinds.map((kind, index) =>
    anEntry({ kind, seq: index + 1, text: attack, by: attack, findings }),
  );
  return entries.flatMap((entry) => {
    const message = whatToSay(incident, entries, entry);
    return [renderSlackRoot(message), ...(message.thread ? renderSlackThread(message.thread) : [])];
  });
}

describe('the Slack renderers', () => {
  it('let outside text mention nobody, link nowhere and hide nothing', () => {
    for (const { text, blocks } of attacked()) {
      expect(text).not.toMatch(/[<>\u202E\u200B]/);
      for (const object of textObjectsIn(blocks)) {
        expect(object.text).not.toMatch(/[\u202E\u200B]/);
        if (object.type === 'mrkdwn')
          expect(object.text).toMatch(/^<https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/[^<>|]+\|[^<>|*]+>$/);
      }
    }
  });

  it('show where a sender points as plain text alone', () => {
    const incident = anIncident({
      alert: anAlert({ links: [{ href: 'https://wiki.example.com/a', text: 'Runbook' }] }),
    });
    const objects = textObjectsIn(renderSlackRoot(whatToSay(incident, [anEntry()], anEntry())).blocks);
    const shown = objects.filter(({ text }) => text.includes('wiki.example.com'));
    expect(shown).toEqual([
      {
        type: 'plain_text',
        text: 'Links from the sender\n• wiki.example.com · Runbook · https://wiki.example.com/a',
      },
    ]);
  });

  it('keep colons as colons in all plain text', () => {
    const plain = JSON.stringify(attacked()).match(/"type":"plain_text"[^}]*\}/g) ?? [];
    expect(plain.length).toBeGreaterThan(50);
    for (const object of plain) expect(object).toContain('"emoji":false');
  });

  it('make only what Slack takes, whatever the text', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 5000 });
    fc.assert(
      fc.property(anyText, anyText, fc.integer({ min: 1, max: 200 }), (title, text, count) => {
        const entries = Array.from({ length: count }, (_, index) =>
          anEntry({ kind: 'relapsed', id: `relapsed#${index}`, seq: index, text }),
        );
        const closed = anEntry({
          kind: 'closed',
          seq: count + 1,
          text,
          findings: [{ diagnostic: text, verdict: 'unhealthy', summary: text }],
        });
        const message = whatToSay(anIncident({ title, runbook: title }), [...entries, closed], closed);
        const texts = [renderSlackRoot(message), ...(message.thread ? renderSlackThread(message.thread) : [])];
        for (const rendered of texts) {
          expect(blockFaults(rendered.blocks)).toEqual([]);
          expect(isTooLong(rendered.blocks)).toBe(false);
          expect(rendered.text.length).toBeLessThanOrEqual(40_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('put buttons under a question, with what is agreed to', () => {
    const entry = timelineUpTo(3)[2] ?? anEntry();
    const { blocks } = renderSlackRoot(
      whatToSay(diskIncident({ remediation: 'awaiting-approval' }), timelineUpTo(3), entry),
    );
    const actions = blocks.find((block) => block.type === 'actions');
    expect(actions).toMatchObject({
      elements: [
        {
          action_id: 'handsoff:approve',
          value: 'a'.repeat(32),
          style: 'primary',
          confirm: { text: { text: 'May it do this? Compress logs below /var/log.' } },
        },
        { action_id: 'handsoff:refuse', style: 'danger' },
        { action_id: 'handsoff:acknowledge', value: 'inc-0123456789abcdef0123' },
        { action_id: 'handsoff:resolve' },
      ],
    });
  });

  it('take the buttons away at the end', () => {
    const { blocks } = renderSlackRoot(
      whatToSay(diskIncident({ status: 'resolved' }), fullTimeline, fullTimeline[5] ?? anEntry()),
    );
    expect(blocks.filter((block) => block.type === 'actions')).toEqual([]);
  });

  /** The replies that close an incident with so many lines of so many characters each. */
  function repliesOf(lines: number, length: number): SlackText[] {
    const entries = Array.from({ length: lines }, (_, index) =>
      anEntry({ kind: 'relapsed', id: `relapsed#${index}`, seq: index, text: `${index} ${'x'.repeat(length)}` }),
    );
    const closed = anEntry({ kind: 'closed', seq: lines + 1 });
    const { thread } = whatToSay(anIncident(), [...entries, closed], closed);
    return renderSlackThread(thread ?? { title: '', text: '', findings: [], byline: '', timeline: undefined });
  }

  it('let a timeline go on in as many replies as it takes, line after line', () => {
    const replies = repliesOf(47, 560);
    expect(replies.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^CLOSED: /),
      'CLOSED, 2 of 4',
      'CLOSED, 3 of 4',
      'CLOSED, 4 of 4',
    ]);
    const shown = replies
      .flatMap(({ blocks }) => textObjectsIn(blocks))
      .map(({ text }) => text)
      .join('\n');
    expect([...shown.matchAll(/: (\d+) x+ \(/g)].map(([, line]) => Number(line))).toEqual([...Array(47).keys()]);
    for (const { blocks } of replies) expect(isTooLong(blocks)).toBe(false);
  });

  it('say all in one reply where it fits, and number nothing', () => {
    const replies = repliesOf(10, 560);
    expect(replies).toHaveLength(1);
    expect(JSON.stringify(replies[0]?.blocks.at(-1))).not.toContain('1 of 1');
  });

  it('cut a timeline that is longer than five replies and say so', () => {
    const replies = repliesOf(800, 300);
    expect(replies).toHaveLength(5);
    expect(JSON.stringify(replies.at(-1)?.blocks.at(-1))).toContain('the timeline is longer than 5 messages');
  });

  it('keep the buttons and what is next of a message that says too much, and cut its longest texts alone', () => {
    const { approval, ...asked } = timelineUpTo(3)[2] ?? anEntry();
    const findings = Array.from({ length: 20 }, (_, index) => ({
      diagnostic: `looked-${index}`,
      verdict: 'unhealthy' as const,
      summary: 'x'.repeat(400),
    }));
    const people = Array.from({ length: 60 }, (_, index) =>
      anEntry({ kind: 'acknowledged', id: `acknowledged#${index}`, seq: 5 + index, by: `robin-${'y'.repeat(90)}` }),
    );
    const changes = Array.from({ length: 3 }, (_, index) =>
      anEntry({ kind: 'automation-started', id: `started#${index}`, seq: 70 + index, text: 'z'.repeat(1500) }),
    );
    const timeline = [
      anEntry({ findings }),
      ...people,
      ...changes,
      { ...asked, seq: 80, ...(approval && { approval }) },
    ];
    const how = Array.from({ length: 8 }, () => 'h'.repeat(300));
    const message = whatToSay(
      diskIncident({ remediation: 'awaiting-approval' }),
      timeline,
      timeline.at(-1) ?? asked,
      how,
    );
    const { blocks } = renderSlackRoot(message);
    expect(isTooLong(blocks)).toBe(false);
    expect(blocks.find(({ type }) => type === 'actions')).toMatchObject({ elements: { length: 4 } });
    const texts = blocks.flatMap((block) => (block.type === 'section' && 'text' in block ? [block.text.text] : []));
    expect(texts.find((text) => text.startsWith('Next: '))).toBe(`Next: ${message.next}`);
    expect(new Set(texts.filter((text) => text.endsWith('…')).map(({ length }) => length)).size).toBe(1);
    expect(texts.filter((text) => text.endsWith('…')).length).toBeGreaterThan(2);
  });
});
