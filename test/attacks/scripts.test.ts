import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { flattenSteps } from '../../sandbox/ssm/actions/loop.ts';
import { automationSchema, commandSchema } from '../../sandbox/ssm/document-schema.ts';
import { fillReferences, findReferences } from '../../sandbox/ssm/references.ts';
import { runPython } from '../../sandbox/world/run-python.ts';
import { runShell } from '../../sandbox/world/run-shell.ts';
import { parseWorld, World } from '../../sandbox/world/world.ts';
import { aSystemsManager, ROLE } from '../sandbox/ssm/a-systems-manager.ts';

const runbooks = fileURLToPath(new URL('../../statemachines/runbooks/', import.meta.url));
const files = readdirSync(runbooks, { recursive: true, encoding: 'utf8' }).sort();
const read = (file: string): unknown => parse(readFileSync(join(runbooks, file), 'utf8'));
/** Every document of the library, and of whatever folder is added later. */
const commands = files
  .filter((file) => file.endsWith('.command.yaml'))
  .map((file) => ({ file, content: commandSchema.parse(read(file)) }));
const automations = files
  .filter((file) => file.endsWith('.automation.yaml'))
  .map((file) => ({ file, content: automationSchema.parse(read(file)) }));
const scripts = automations.flatMap(({ file, content }) =>
  flattenSteps(content.mainSteps)
    .filter(({ action }) => action === 'aws:executeScript')
    .map((step) => ({ file, step })),
);

/** What text of an alarm may try. Each makes a file where it is run. */
const shellTexts = ['nginx; touch PWNED', '$(touch PWNED)', '`touch PWNED`', "'; touch PWNED; '", '"; touch PWNED; "'];
const notInAnyPattern = [
  ...shellTexts,
  '--version',
  '-rf',
  '../../etc',
  'nginx\ntouch PWNED',
  'nginx\n',
  '\uFF0E\uFF0E/etc',
  'a'.repeat(10_000),
  '{{ssm:/prod/secret}}',
  '{{ global:REGION }}',
  '',
];
/** Places of a node that a script may name: in these tests all of them lie in a folder. */
const paths = ['/var', '/etc', '/opt', '/srv', '/home', '/root', '/tmp', '/mnt', '/data', '/usr/local', '/run'];
const INSTANCE = 'i-0a1b2c3d4e5f60718';

/** Sends a command document whose script is really run, and gives what its folder had in it at the end. */
async function send(content: unknown, Parameters: Record<string, string[]>, name = 'handsoff-attacked-command') {
  const world = new World(parseWorld({ commands: [{ run: 'real', paths }] }));
  const documents = name.startsWith('AWS-') ? [] : [{ name, documentType: 'Command' as const, content }];
  const { clock, ask } = aSystemsManager({ documents, commandResult: (request) => world.commandResult(request) });
  await ask('SendCommand', { DocumentName: name, InstanceIds: [INSTANCE], Parameters });
  await clock.run();
  return world.commands()[0]?.result;
}

/** A document for one service, the way that its script takes it. */
function aCommand(lines: readonly string[], more: object = {}) {
  return {
    schemaVersion: '2.2',
    parameters: { Service: { type: 'String', ...more } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'restart', inputs: { runCommand: ['#!/bin/bash', ...lines] } }],
  };
}

describe('text of an alarm in a shell script', () => {
  it.each(shellTexts.slice(0, 3))('is run where it is pasted: %s', async (text) => {
    const result = await send(aCommand(['echo restarting {{ Service }}']), { Service: [text] });
    expect(result?.files).toContain('PWNED');
  });

  it.each(shellTexts.slice(1, 3))('is run by the fallback for old agents, quotes or not: %s', async (text) => {
    const fallback = ['export SSM_Service="{{ Service }}"', 'echo restarting "$SSM_Service"'];
    const result = await send(aCommand(fallback), { Service: [text] });
    expect(result?.files).toContain('PWNED');
  });

  it.each(shellTexts)('is only text as a variable: %s', async (text) => {
    const lines = ['echo "restarting $SSM_Service"'];
    const result = await send(aCommand(lines, { interpolationType: 'ENV_VAR' }), { Service: [text] });
    expect(result).toMatchObject({ stdout: `restarting ${text}\n`, files: [] });
  });

  it('is run by AWS’s own Ansible document, which only our constants may reach', async () => {
    const result = await send(
      undefined,
      { SourceType: ['GitHub'], InstallDependencies: ['False'], PlaybookFile: ['"; touch PWNED; echo "a.yml'] },
      'AWS-ApplyAnsiblePlaybooks',
    );
    expect(result?.files).toContain('PWNED');
  });
});

describe.each(commands)('$file', ({ content }) => {
  const names = Object.keys(content.parameters);
  const script = content.mainSteps.flatMap(({ inputs }) => [inputs.runCommand].flat());
  const run = (environment: Readonly<Record<string, string>>) =>
    runShell(
      { run: 'real', paths },
      { documentName: 'x', instanceId: INSTANCE, script, environment, timeoutSeconds: 10 },
    );

  it('takes its parameters as variables that match an anchored pattern', () => {
    expect(findReferences(script, '')).toEqual([]);
    for (const { interpolationType, allowedPattern } of Object.values(content.parameters)) {
      expect(interpolationType).toBe('ENV_VAR');
      expect(allowedPattern).toMatch(/^\^.*\$$/);
    }
  });

  it.each(names)('is refused by SSM with a value of %s that its pattern does not have', async (name) => {
    for (const text of notInAnyPattern) {
      await expect(send(content, { [name]: [text] }), JSON.stringify(text.slice(0, 20))).rejects.toMatchObject({
        name: 'InvalidParameters',
      });
    }
  });

  it.each(['__proto__', 'constructor', 'toString'])('has no parameter %s', async (name) => {
    await expect(send(content, JSON.parse(`{"${name}": ["x"]}`))).rejects.toMatchObject({ name: 'InvalidParameters' });
  });

  it.runIf(names.length > 0)('stops on an agent that sets no variables, before it has done anything', async () => {
    const result = await run({});
    expect(result).toMatchObject({ status: 'Failed', exitCode: 1, files: [] });
    expect(result.stderr).toContain('3.3.2746.0');
  });

  it.runIf(names.length > 0)('runs nothing of a value, even of one that passed every pattern', async () => {
    for (const text of [
      ...shellTexts,
      '--version',
      '-rf',
      '/var/$(touch PWNED)',
      '/var/a; touch PWNED',
      '/var/../../etc',
    ]) {
      const { files: left = [] } = await run(Object.fromEntries(names.map((name) => [`SSM_${name}`, text])));
      expect(
        left.filter((name) => name.includes('PWNED')),
        text,
      ).toEqual([]);
    }
  });
});

describe.each(automations)('$file', ({ file, content }) => {
  const texts = Object.entries(content.parameters).filter(([name]) => name !== 'AutomationAssumeRole');

  it.each(texts.map(([name]) => name))('is not started with text as %s', async (name) => {
    const [id = '', document = ''] = file.replace('.automation.yaml', '').split('/');
    const others = commands
      .filter((command) => command.file.startsWith(`${id}/`))
      .map((command) => ({
        name: `handsoff-${command.file.replace('.command.yaml', '').replace('/', '-')}-command`,
        documentType: 'Command' as const,
        content: read(command.file),
      }));
    const own = { name: `handsoff-${id}-${document}`, documentType: 'Automation' as const, content: read(file) };
    const { ask } = aSystemsManager({ documents: [own, ...others] });
    for (const text of ['$(touch PWNED)', 'a\nb', '{{ssm:/prod/secret}}', 'a'.repeat(10_000)]) {
      const Parameters = { AutomationAssumeRole: [ROLE], [name]: [text] };
      await expect(
        ask('StartAutomationExecution', { DocumentName: own.name, Parameters }),
        JSON.stringify(text.slice(0, 20)),
      ).rejects.toMatchObject({
        name: 'InvalidAutomationExecutionParametersException',
        message: expect.stringContaining(name),
      });
    }
  });

  it('pastes nothing into a script, and gives AWS’s own command documents nothing but constants', () => {
    for (const { action, inputs } of flattenSteps(content.mainSteps)) {
      if (action === 'aws:executeScript') expect(findReferences(inputs['Script'], 'Script')).toEqual([]);
      if (action !== 'aws:runCommand' || !String(inputs['DocumentName']).startsWith('AWS-')) continue;
      expect(findReferences(inputs['Parameters'], 'Parameters')).toEqual([]);
    }
  });
});

describe.each(scripts)('the script of $step.name in $file', ({ step: { inputs, name } }) => {
  const payload = (inputs['InputPayload'] ?? {}) as Record<string, unknown>;
  const run = (input: Record<string, unknown>) =>
    runPython(
      { run: 'real' },
      {
        documentName: 'x',
        step: name,
        runtime: 'python3.11',
        handler: String(inputs['Handler']),
        script: String(inputs['Script']),
        input,
        timeoutSeconds: 10,
      },
    );
  const python = '__import__("os").system("touch PWNED")';

  it.each(['nginx; touch PWNED', python, `{"a": ${python}}`, '{{ssm:/prod/secret}}'])(
    'runs nothing of its input: %s',
    async (text) => {
      expect((await run(Object(fillReferences(payload, () => text)))).files).toEqual([]);
    },
  );

  it('is stopped by no key of a prototype', async () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}');
    const filled = Object(fillReferences({ ...payload, extra: hostile }, () => hostile));
    expect((await run(filled)).files).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });
});
