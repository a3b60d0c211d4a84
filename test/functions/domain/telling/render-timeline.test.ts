import { describe, expect, it } from 'vitest';
import { renderTimeline } from '../../../../functions/domain/telling/render-timeline.ts';
import { anEntry } from '../../../support/an-entry.ts';
import { anIncident } from '../../../support/an-incident.ts';
import { diskIncident, fullTimeline } from './an-hour.ts';

describe('renderTimeline', () => {
  it('reads from top to bottom: when, how long after the opening, what, and who', () => {
    expect(renderTimeline(diskIncident({ status: 'resolved' }), fullTimeline).split('\n')).toEqual([
      '[P2] RESOLVED: Disk space low · checkout-1',
      'inc-0123456789abcdef0123, platform, opened 2026-11-02 03:00:05 UTC',
      '',
      '03:00:05 UTC +00:00:00 TRIGGERED: The disk of checkout-1 is nearly full. (handsoff)',
      '03:00:12 UTC +00:00:07 DIAGNOSED: 2 findings, 1 of them unhealthy. (runbook:disk-space-low)',
      '    - healthy: scheduled-events: AWS plans nothing.',
      '    - unhealthy: disk-usage: /var is 93 % full.',
      '03:00:14 UTC +00:00:09 APPROVAL NEEDED: May it do this? Compress logs below /var/log. (handsoff)',
      '03:03:00 UTC +00:02:55 APPROVED: The change was approved in chat. (robin (slack:U1))',
      '03:03:02 UTC +00:02:57 REPAIRING: Compress logs below /var/log. (runbook:disk-space-low)',
      '03:09:05 UTC +00:09:00 RESOLVED: Recovered, and stayed so. (runbook:disk-space-low)',
    ]);
  });

  it('names a new day and goes on counting hours', () => {
    const late = anEntry({ kind: 'resolved', seq: 2, at: '2026-11-04T05:00:06.000Z' });
    const lines = renderTimeline(anIncident(), [anEntry(), late]).split('\n');
    expect(lines.slice(4)).toEqual([
      '-- 2026-11-04 --',
      '05:00:06 UTC +50:00:01 RESOLVED: This is what resolved says. (handsoff)',
    ]);
  });

  it('lets outside text add no line of its own', () => {
    const forged = anEntry({ text: 'x\n03:00:00 UTC +00:00:00 RESOLVED: all is well', by: 'a\u2028b' });
    expect(renderTimeline(anIncident(), [forged]).split('\n')).toHaveLength(4);
  });
});
