import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../infra/config/load-config.ts';
import { raiseMode, targetMode } from '../../cli/promotion/raise-mode.ts';
import { AProject } from '../infra/a-project.ts';

const file = 'statemachines/runbooks/disk-space-low/runbook.yaml';
let project: AProject;

beforeEach(() => {
  project = new AProject(['ec2-status-check-failed', 'disk-space-low', 'default']);
});

function folderOf(id: string) {
  const found = loadConfig(project.root).runbooks.find(({ manifest }) => manifest.id === id);
  if (!found) throw new Error(`There is no runbook ${id}.`);
  return found;
}

describe('a promotion', () => {
  it('changes the mode and not another character', () => {
    project.edit(file, 'mode: approve', 'mode: observe # until it is trusted');
    const before = readFileSync(`${project.root}/${file}`, 'utf8');
    raiseMode(folderOf('disk-space-low'), 'approve');
    expect(readFileSync(`${project.root}/${file}`, 'utf8')).toBe(before.replace('mode: observe', 'mode: approve'));
  });

  it('goes one step up, or to where it is told', () => {
    project.edit(file, 'mode: approve', 'mode: observe');
    expect(targetMode(folderOf('disk-space-low'), undefined)).toBe('approve');
    expect(targetMode(folderOf('disk-space-low'), 'act')).toBe('act');
  });

  it('is refused downwards, without a remediation, and without anybody who may approve', () => {
    expect(() => targetMode(folderOf('disk-space-low'), 'observe')).toThrow('is in mode approve already');
    expect(() => targetMode(folderOf('default'), 'act')).toThrow('has no remediation');
    project.edit('statemachines/runbooks/ec2-status-check-failed/runbook.yaml', 'mode: act', 'mode: observe');
    expect(() => targetMode(folderOf('ec2-status-check-failed'), 'approve')).toThrow('names nobody who may approve');
  });
});
