import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockFile, readLock } from '../../infra/certificates.ts';
import { certifyRunbook } from '../../rehearsal/certify-runbook.ts';
import { chooseRunbooks, type PreparedRunbook } from '../../rehearsal/prepare-rehearsal.ts';
import { type RunbookRehearsal, withProblems } from '../../rehearsal/runbook-rehearsal.ts';
import { AProject } from '../infra/a-project.ts';

const scenario = {
  name: 'a-story',
  title: 'A story',
  kind: 'rehearsal',
  passed: true,
  outcome: 'needs-human',
  virtual_seconds: 4,
  real_ms: 20,
  differences: [],
  steps: [],
} as const;

const wholeAndPassed: RunbookRehearsal = {
  id: 'default',
  passed: true,
  whole: true,
  scenarios: [scenario, { ...scenario, name: 'when it breaks', kind: 'fault' }],
  mutations: ['any:Change'],
  coverage: {
    states: { seen: 2, of: 2 },
    transitions: { seen: 1, of: 1 },
    missing_states: [],
    missing_transitions: [],
  },
  worst_case_seconds: 4,
  problems: [],
  real_ms: 40,
};

let prepared: PreparedRunbook;
let file: string;
beforeEach(() => {
  const [folder] = chooseRunbooks(new AProject(['default']).root, ['default']).runbooks;
  if (!folder) throw new Error('There is no default.');
  prepared = { ...folder, artifacts: { 'runbook.yaml': 'a' }, rehearsals: { 'rehearsals/a-story.yaml': 'b' } };
  file = join(folder.directory, lockFile);
});

describe('certifyRunbook', () => {
  it('certifies what was rehearsed whole and passed: what it is, what it was rehearsed with, and how that went', () => {
    certifyRunbook(prepared, wholeAndPassed);
    const { artifacts, rehearsals } = prepared;
    expect(readLock(prepared.directory)).toMatchObject({
      runbook: 'default',
      artifacts,
      rehearsals,
      scenarios: [
        { name: 'a-story', kind: 'rehearsal', outcome: 'needs-human' },
        { name: 'when it breaks', kind: 'fault', outcome: 'needs-human' },
      ],
      mutations: ['any:Change'],
      coverage: { states: { seen: 2, of: 2 }, transitions: { seen: 1, of: 1 } },
      worst_case_seconds: 4,
    });
  });

  it.each([
    ['was rehearsed whole and did not pass', { ...wholeAndPassed, passed: false }],
    ['passed and was not rehearsed whole', { ...wholeAndPassed, whole: false }],
    ['did neither', { ...wholeAndPassed, whole: false, passed: false }],
    ['has something wrong in its folder', withProblems(wholeAndPassed, ['README.md:1:1: says nothing.'])],
  ])('writes nothing for what %s', (_name, result) => {
    const before = readFileSync(file, 'utf8');
    certifyRunbook(prepared, result);
    expect(readFileSync(file, 'utf8')).toBe(before);
    rmSync(file);
    certifyRunbook(prepared, result);
    expect(existsSync(file)).toBe(false);
  });
});
