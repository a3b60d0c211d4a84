import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { answersFrom, type Flags } from '../../../cli/new/answers.ts';
import { fillTemplate } from '../../../cli/new/fill-template.ts';
import { makeRunbook, writeRunbook } from '../../../cli/new/make-runbook.ts';
import { readTargets } from '../../../cli/new/targets.ts';
import { loadConfig } from '../../../infra/config/load-config.ts';
import { chooseRunbooks } from '../../../rehearsal/prepare-rehearsal.ts';
import { rehearse } from '../../../rehearsal/rehearse.ts';
import { readProjectFacts } from '../../../validation/project-facts.ts';
import { validateRunbooks } from '../../../validation/validate-runbooks.ts';
import { AProject } from '../../infra/a-project.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const targets = readTargets();

/** One of each: every kind of target, mode and trigger. Each has an alert of its own. */
const made: Readonly<Record<string, Flags>> = {
  ...Object.fromEntries(
    Object.keys(targets).map((target) => [`new-${target}`, { target, mode: 'act', metric: metricOf(target) }]),
  ),
  'new-approve': { target: 'ecs-service', metric: 'Shop/Latency', title: `It's "slow": 100 %` },
  'new-contains': { target: 'sqs-queue', metric: 'Shop/Orders', dimension: ['QueueName=orders'] },
  'new-shadow': { target: 'instance', metric: 'Shop/Shadow', mode: 'observe' },
  'new-observe': { metric: 'Shop/FailedOrders', dimension: ['Shop=eu'] },
  'new-ecs-event': { trigger: 'event', target: 'ecs-service' },
  'new-health-event': { trigger: 'event', target: 'dynamodb-table', mode: 'observe' },
  'new-webhook': { trigger: 'webhook' },
};

/** One that no runbook of the library is about. */
function metricOf(target: string): string {
  return `${targets[target]?.metric.split('/').slice(0, 2).join('/')}/OfThisTest`;
}

let project: AProject;
beforeAll(() => {
  project = new AProject();
  const config = loadConfig(project.root);
  for (const [id, flags] of Object.entries(made))
    writeRunbook(
      join(project.root, 'statemachines/runbooks', id),
      makeRunbook(answersFrom(id, flags, config, targets)),
    );
});

describe('makeRunbook', () => {
  it('makes folders that validate has nothing against, and no advice for', async () => {
    const facts = readProjectFacts(checkout);
    expect(await validateRunbooks(project.root, Object.keys(made), facts)).toMatchObject({ problems: [], advice: [] });
  });

  it('makes folders that pass their rehearsals with every state entered, on the stack that has them', async () => {
    for (const part of ['functions', 'event-pattern', 'node_modules', 'cdk.json', 'package.json', 'infra', 'sandbox'])
      symlinkSync(join(checkout, part), join(project.root, part));
    mkdirSync(join(project.root, '.build'));
    // Those of the library are beside the point, and a stack without them comes up sooner.
    for (const { manifest } of loadConfig(checkout).runbooks)
      if (manifest.id !== 'default') project.remove(`statemachines/runbooks/${manifest.id}`);
    const results = await rehearse({
      chosen: chooseRunbooks(project.root, Object.keys(made)),
      hasMatrices: false,
      workers: 1,
    });
    expect(results.filter(({ passed }) => !passed).map(({ id }) => id)).toEqual([]);
    expect(results.flatMap(({ coverage }) => coverage.missing_states)).toEqual([]);
    expect(results).toHaveLength(Object.keys(made).length);
  }, 120_000);

  it.each(['README.md', 'docs/add-a-runbook.md'])('takes what %s tells to type', (page) => {
    const [, id = '', line = ''] = /handsoff new ([\w-]+)(.*)/.exec(readFileSync(join(checkout, page), 'utf8')) ?? [];
    const flags = Object.fromEntries(
      [...line.matchAll(/--(\w+) ("[^"]*"|\S+)/g)].map(([, name, value = '']) => [name, value.replaceAll('"', '')]),
    );
    expect(flags).toHaveProperty('metric');
    expect(() => makeRunbook(answersFrom(id, flags, loadConfig(checkout), targets))).not.toThrow();
  });

  it('has its title in the heading as it was said', () => {
    const title = 'Queue: "old" #1';
    for (const flags of [{ title }, { title, target: 'instance' }])
      expect(makeRunbook(answersFrom('queue-old', flags, loadConfig(checkout), targets)).get('README.md')).toMatch(
        /^# Queue: "old" #1\n/,
      );
  });

  it('records an event that is formatted as this repository is, however long its names are', () => {
    const long = { title: 't'.repeat(120), dimension: [`Shop=${'x'.repeat(60)}`, 'Stage=prod'] };
    const biome = join(checkout, 'node_modules/@biomejs/biome/bin/biome');
    for (const [trigger, name] of Object.entries({ webhook: 'event.json', event: 'event.json', alarm: 'alarm.json' })) {
      const answers = answersFrom('a'.repeat(40), { ...long, trigger }, loadConfig(checkout), targets);
      const input = makeRunbook(answers).get(`rehearsals/${name}`) ?? '';
      const args = [biome, 'format', `--stdin-file-path=${name}`];
      const { stdout } = spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8', input });
      expect(stdout).toBe(input);
    }
  });

  it('leaves nothing to be filled in', () => {
    const config = loadConfig(checkout);
    for (const [id, flags] of Object.entries(made))
      for (const [file, text] of makeRunbook(answersFrom(id, flags, config, targets)))
        expect(`${id}/${file}: ${/<<|undefined|TODO/.exec(text)?.[0]}`).toBe(`${id}/${file}: undefined`);
  });
});

describe('fillTemplate', () => {
  it('indents what stands alone on its line, and takes the line away where there is nothing', () => {
    expect(fillTemplate('a:\n  <<list>>\n  <<none>>\nb: <<x>>\n', { list: '- 1\n- 2', none: '', x: 'y' }, 't')).toBe(
      'a:\n  - 1\n  - 2\nb: y\n',
    );
  });

  it('refuses a place that nothing is given for, and names it', () => {
    expect(() => fillTemplate('<<nothing>>', {}, 'x.yaml')).toThrow(/x\.yaml has <<nothing>>/);
  });
});
