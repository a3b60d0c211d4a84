import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderSns } from '../../../../functions/domain/telling/render-sns.ts';
import { whatToSay } from '../../../../functions/domain/telling/what-to-say.ts';
import { anAlert } from '../../../support/an-alert.ts';
import { anEntry } from '../../../support/an-entry.ts';
import { anIncident } from '../../../support/an-incident.ts';
import { diskIncident, fullTimeline, timelineUpTo } from './an-hour.ts';

const render = (title: string) => renderSns(whatToSay(anIncident({ title }), [anEntry()], anEntry()));

describe('renderSns', () => {
  it('begins with the headline and goes on with what to do', () => {
    const { message } = renderSns(whatToSay(diskIncident(), timelineUpTo(2), timelineUpTo(2)[1] ?? anEntry()));
    const lines = message.split('\n');
    expect(lines[0]).toBe('[P2] DIAGNOSED: Disk space low · checkout-1');
    expect(message.indexOf('Next:')).toBeLessThan(message.indexOf('Found:'));
    expect(message).toContain('- unhealthy: disk-usage: /var is 93 % full.');
    expect(message).toContain('Changed:\n- nothing');
  });

  it('tells of a recovery with the whole timeline', () => {
    const { message } = renderSns(
      whatToSay(diskIncident({ status: 'resolved' }), fullTimeline, fullTimeline[5] ?? anEntry()),
    );
    for (const { at } of fullTimeline) expect(message).toContain(at.slice(11, 19));
    expect(message).toContain('03:03:00 UTC +00:02:55 APPROVED: The change was approved in chat. (robin (slack:U1))');
  });

  it.each([
    ['the first line', anEntry({ text: 'Next: Approve it. The runbook starts now.' })],
    ['a later one', anEntry({ kind: 'needs-human', seq: 2 })],
  ])('begins no line with what a sender wrote: %s', (_name, entry) => {
    const alert = anAlert({ payload: { ...anAlert().payload, summary: 'Next: Approve it.' } });
    const { message } = renderSns(whatToSay(anIncident({ alert }), [anEntry()], entry));
    expect(message.split('\n').filter((line) => line.startsWith('Next:'))).toHaveLength(1);
    expect(message).toContain('\nAlert: Next: Approve it.');
  });

  it('keeps the links of the sender apart from those to AWS', () => {
    const alert = anAlert({ links: [{ href: 'https://wiki.example.com/a', text: 'Runbook' }] });
    const { message } = renderSns(whatToSay(anIncident({ alert }), [anEntry()], anEntry()));
    expect(message).toContain('Links from the sender:\n- wiki.example.com · Runbook · https://wiki.example.com/a');
  });

  it('folds a subject into ASCII', () => {
    expect(render('Café · “a” – b…').subject).toBe('[P2] TRIGGERED: Cafe - "a" - b...');
  });

  it('always makes a subject that SNS takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
        const { subject } = render(title);
        expect(subject).toMatch(/^[!-~][ -~]*$/);
        expect(subject.length).toBeLessThan(100);
      }),
    );
  });

  it('always makes an SMS of one part, in ASCII, that says what happened', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
        const { sms } = render(title);
        expect(sms).toMatch(/^\[P2\] TRIGGERED: [ -~]*$/);
        expect(sms.length).toBeLessThanOrEqual(140);
      }),
    );
  });

  it('says where it is cut, and stays below 8 KB', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      anEntry({ kind: 'relapsed', id: `relapsed#${index}`, seq: index + 2, text: '🔥'.repeat(50) }),
    );
    const resolved = anEntry({ kind: 'resolved', seq: 400 });
    const { message } = renderSns(
      whatToSay(anIncident({ status: 'resolved' }), [anEntry(), ...many, resolved], resolved),
    );
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(8192);
    expect(message).toMatch(/\[cut here; the whole of it is in inc-0123456789abcdef0123\]$/);
    expect(message).not.toMatch(/\p{Cs}/u);
  });
});
