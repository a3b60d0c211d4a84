import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changedRunbooks } from '../../rehearsal/watch-runbooks.ts';
import { AProject } from '../infra/a-project.ts';

let project: AProject;
let stop: AbortController;
beforeEach(() => {
  project = new AProject(['disk-space-low', 'default']);
  stop = new AbortController();
});
afterEach(() => stop.abort());

/** Replaces a file as Git and many editors do: written beside it, and given its name. */
function replace(name: string, text: string, directory = 'statemachines/runbooks'): void {
  const file = join(project.root, directory, name);
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

it('tells of each change, also of a file that is replaced, again and again, and of a folder that is new', async () => {
  const changes = changedRunbooks(project.root, stop.signal);
  const next = async () => (await changes.next()).value;
  for (const text of ['one', 'two', 'three']) {
    replace('disk-space-low/definition.asl.json', text);
    expect(await next()).toEqual(['disk-space-low']);
  }
  replace('default/rehearsals/unknown-alarm.yaml', 'four');
  expect(await next()).toEqual(['default']);
  mkdirSync(join(project.root, 'statemachines/runbooks/new-one'));
  expect(await next()).toEqual(['new-one']);
  replace('new-one/runbook.yaml', 'five');
  expect(await next()).toEqual(['new-one']);
  writeFileSync(join(project.root, 'statemachines/runbooks/default/rehearsal.lock.json'), 'six');
  replace('disk-space-low/README.md', 'seven');
  expect(await next()).toEqual(['disk-space-low']);
});

it('tells of what all of them are played with, and of no runbook beside it', async () => {
  const changes = changedRunbooks(project.root, stop.signal);
  const next = async () => (await changes.next()).value;
  replace('services.yaml', 'one', 'config');
  expect(await next()).toBe('all');
  replace('remediate.asl.json', 'two', 'statemachines');
  replace('disk-space-low/runbook.yaml', 'three');
  expect(await next()).toBe('all');
  replace('default/runbook.yaml', 'four');
  expect(await next()).toEqual(['default']);
});

it('ends when it is stopped', async () => {
  const changes = changedRunbooks(project.root, stop.signal);
  const next = changes.next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
