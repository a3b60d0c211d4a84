import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawRunbook, NothingToDrawError } from '../../../cli/graph/draw-runbook.ts';
import { readRunbookSource } from '../../../validation/runbook-source.ts';
import { AProject } from '../../infra/a-project.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const ec2 = readRunbookSource(checkout, 'ec2-status-check-failed');

describe('drawRunbook', () => {
  it('draws every state of a runbook by its name, the same each time', async () => {
    const svg = await drawRunbook(ec2);
    expect(svg).toMatch(/^<svg /);
    for (const name of ['Diagnose Instance', 'Decide Repair', 'Restart Instance', 'Call Person', 'restart-safety'])
      expect(svg).toContain(`>${name}</text>`);
    expect(await drawRunbook(ec2)).toBe(svg);
  });

  it('centres the text of a state in its shape, whatever font there is', async () => {
    const svg = await drawRunbook(ec2);
    const [node = ''] = svg.match(/<title>Decide Repair<\/title>.*?<\/g>/s) ?? [];
    expect(node).toContain('text-anchor="middle"');
    expect(node).not.toContain('text-anchor="start"');
  });

  it('refuses what has no definition, and says what to run', async () => {
    const project = new AProject();
    project.write('statemachines/runbooks/default/definition.asl.json', '{');
    await expect(drawRunbook(readRunbookSource(project.root, 'default'))).rejects.toThrow(NothingToDrawError);
  });
});
