import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hashOfJson } from '../../functions/domain/certificate.ts';
import type { Bundle } from '../../infra/bundle-functions.ts';
import {
  artifactsOf,
  certify,
  hashFunctions,
  lockFile,
  readLock,
  rehearsalsOf,
  writeLock,
} from '../../infra/certificates.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import { AProject } from './a-project.ts';

const id = 'disk-space-low';
const folder = `statemachines/runbooks/${id}`;
const record = {
  scenarios: [],
  mutations: [],
  coverage: { states: { seen: 1, of: 1 }, transitions: { seen: 1, of: 1 } },
  worst_case_seconds: 60,
};
let project: AProject;
let bundles: Bundle[];

beforeEach(() => {
  project = new AProject(['disk-space-low', 'default']);
  bundles = ['diagnose', 'guard-remediation', 'receive-webhook', 'tell-people'].map((name) => {
    const directory = join(project.root, 'bundles', name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'index.mjs'), `export const handler = '${name}';`);
    return { name, directory, bytes: 0 };
  });
  rehearse();
});

function rehearse(): void {
  const found = loadConfig(project.root).runbooks.find(({ manifest }) => manifest.id === id);
  if (!found) throw new Error(`There is no runbook ${id}.`);
  const rehearsals = rehearsalsOf(found.directory);
  writeLock(found.directory, id, artifactsOf(project.root, found, hashFunctions(bundles)), { ...record, rehearsals });
}

function certified() {
  const { config, uncertified } = certify(project.root, loadConfig(project.root), bundles);
  const mode = config.runbooks.find(({ manifest }) => manifest.id === id)?.manifest.mode;
  const route = config.deployed.routes.find((each) => each.id === id);
  return { mode, route, why: uncertified.get(id), certificate: config.deployed.certificates[id] };
}

describe('a runbook that was rehearsed as it is', () => {
  it('is deployed in its own mode, with the hash of all that the guard compares', () => {
    const { mode, why, certificate } = certified();
    expect([mode, why]).toEqual(['approve', undefined]);
    expect(certificate?.artifacts.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'machine handsoff-runbook-disk-space-low',
      'machine handsoff-intake',
      'machine handsoff-respond',
      'machine handsoff-remediate',
      'document handsoff-disk-space-low-compress-logs',
      'document handsoff-disk-space-low-compress-logs-command',
      'document handsoff-disk-space-low-measure-disk-command',
      'document handsoff-disk-space-low-restore-logs',
      'document handsoff-disk-space-low-restore-logs-command',
      'catalog /handsoff/runbooks/disk-space-low',
    ]);
  });

  it('stays so when only comments and layout change, or a function that has no part in it', () => {
    appendFileSync(join(project.root, folder, 'compress-logs.automation.yaml'), '# a comment\n');
    appendFileSync(join(project.root, 'bundles/receive-webhook/index.mjs'), '// changed');
    expect(certified().why).toBeUndefined();
  });

  it('stays so where lines of its rehearsals end as on Windows, and where an editor has left a file of its own', () => {
    const rehearsal = join(project.root, folder, 'rehearsals/approver-refuses.yaml');
    writeFileSync(rehearsal, readFileSync(rehearsal, 'utf8').replaceAll('\n', '\r\n'));
    project.write(`${folder}/rehearsals/.approver-refuses.yaml`, 'title: half wri');
    expect(certified().why).toBeUndefined();
  });
});

describe('a certificate that no rehearsal wrote', () => {
  const file = `${folder}/${lockFile}`;
  const hashOf = (name: string) => readLock(join(project.root, folder))?.artifacts[name] ?? '';

  it.each([
    [
      'has one hash of another branch, as a merge leaves it',
      () => {
        project.edit(`${folder}/runbook.yaml`, 'mode: approve', 'mode: act');
        const own = hashOf('runbook.yaml');
        const other = hashOfJson(parse(readFileSync(join(project.root, folder, 'runbook.yaml'), 'utf8')));
        project.edit(file, own, other);
      },
    ],
    ['is of another runbook', () => project.edit(file, `"runbook": "${id}"`, '"runbook": "default"')],
    ['did not visit every state', () => project.edit(file, '"seen": 1', '"seen": 0')],
  ])('is none: it %s', (_name, change) => {
    change();
    expect(certified()).toMatchObject({ mode: 'observe', why: 'rehearsal.lock.json is not what a rehearsal wrote.' });
  });
});

describe('a runbook that has changed since its rehearsal', () => {
  it.each([
    [
      'definition.asl.json',
      () => project.edit(`${folder}/definition.asl.json`, 'Measures the file', 'Measures the fils'),
    ],
    ['compress-logs.command.yaml', () => project.edit(`${folder}/compress-logs.command.yaml`, 'mtime +0', 'mtime +1')],
    ['runbook.yaml', () => project.edit(`${folder}/runbook.yaml`, 'mode: approve', 'mode: act')],
    [
      'statemachines/remediate.asl.json',
      () => project.edit('statemachines/remediate.asl.json', 'again: minutes', 'again: Minutes'),
    ],
    ['statemachines/respond.asl.json', () => project.edit('statemachines/respond.asl.json', '604800', '604801')],
    [
      'functions/guard-remediation',
      () => appendFileSync(join(project.root, 'bundles/guard-remediation/index.mjs'), ' '),
    ],
    ['functions/tell-people', () => appendFileSync(join(project.root, 'bundles/tell-people/index.mjs'), ' ')],
    [
      'rehearsals/approver-refuses.yaml',
      () => project.edit(`${folder}/rehearsals/approver-refuses.yaml`, 'approver: refuses', 'approver: agrees'),
    ],
    ['rehearsals/alarm.json', () => project.edit(`${folder}/rehearsals/alarm.json`, '"ALARM"', '"OK"')],
    ['rehearsals/agent-too-old.yaml', () => project.remove(`${folder}/rehearsals/agent-too-old.yaml`)],
    ['rehearsals/new.yaml', () => project.write(`${folder}/rehearsals/new.yaml`, 'title: not rehearsed yet\n')],
  ])('only observes, and says that %s is why', (file, change) => {
    change();
    const { mode, route, why, certificate } = certified();
    expect(why).toBe(`${file} is not what was rehearsed.`);
    expect([mode, route?.mode, route?.uncertified]).toEqual(['observe', 'observe', why]);
    expect(certificate).toBeUndefined();
  });

  it('only observes when its certificate is gone, or is none', () => {
    project.write(`${folder}/${lockFile}`, '{"hash": 1}');
    expect(readLock(join(project.root, folder))).toBeUndefined();
    expect(certified().why).toBe(`${lockFile} cannot be read: it is not what a rehearsal wrote.`);
    project.remove(`${folder}/${lockFile}`);
    expect(certified().why).toBe('It was never rehearsed.');
  });

  it('is the same runbook with other rehearsals: its failures still count', () => {
    const before = certified().certificate?.hash;
    project.write(`${folder}/rehearsals/new.yaml`, 'title: rehearsed\n');
    rehearse();
    expect(certified().certificate?.hash).toBe(before);
  });

  it('may act again after another rehearsal', () => {
    project.edit(`${folder}/definition.asl.json`, 'Measures the file', 'Measures the fils');
    rehearse();
    expect(certified().why).toBeUndefined();
  });
});
