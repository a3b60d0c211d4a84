import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readProjectFacts } from '../../validation/project-facts.ts';
import { UnknownRunbookError } from '../../infra/config/find-runbooks.ts';
import { problemText, SourceFile } from '../../infra/config/source-file.ts';
import { validateRunbooks } from '../../validation/validate-runbooks.ts';
import { AProject } from '../infra/a-project.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const facts = readProjectFacts(checkout);
const disk = 'statemachines/runbooks/disk-space-low';
const ec2 = 'statemachines/runbooks/ec2-status-check-failed';

let project: AProject;
beforeEach(() => {
  project = new AProject(['ec2-status-check-failed', 'disk-space-low', 'default']);
});

describe('validateRunbooks', () => {
  it('has nothing against the repository, by any of its rules', async () => {
    expect(await validateRunbooks(checkout)).toMatchObject({ problems: [], advice: [] });
  });

  it('reports every problem of every file at once, in order', async () => {
    project.edit(`${disk}/runbook.yaml`, 'mode: approve', 'mode: yolo');
    project.edit(`${disk}/definition.asl.json`, '"TimeoutSeconds": 43200,', '');
    project.edit(`${disk}/README.md`, '**Changes**', '**Does**');
    const { problems } = await validateRunbooks(project.root, ['disk-space-low'], facts);
    expect(problems.map(({ file, line }) => `${file.slice(disk.length + 1)}:${line}`)).toEqual([
      'README.md:1',
      'definition.asl.json:1',
      'runbook.yaml:5',
    ]);
  });

  it('looks only at the runbooks that were named', async () => {
    project.edit(`${ec2}/runbook.yaml`, 'mode: act', 'mode: yolo');
    expect((await validateRunbooks(project.root, ['disk-space-low'], facts)).problems).toEqual([]);
    expect((await validateRunbooks(project.root, ['ec2-status-check-failed'], facts)).problems).toHaveLength(1);
  });

  it('reports a runbook that takes the alert which is to start another, and does not blame that one', async () => {
    const other = 'statemachines/runbooks/an-other';
    cpSync(join(project.root, 'statemachines/runbooks/default'), join(project.root, other), { recursive: true });
    project.edit(`${other}/runbook.yaml`, 'id: default', 'id: an-other');
    const more =
      'origin: { format: [cloudwatch] }, payload: { component: [CWAgent] }, resource: { type: [{ exists: true }] }';
    project.edit(
      `${other}/runbook.yaml`,
      /match:\n {2}event_action: \[trigger\]/,
      `match: { event_action: [trigger], ${more} }`,
    );
    const taken = async (id: string) =>
      (await validateRunbooks(project.root, [id], facts)).problems.filter(({ message }) => message.startsWith('takes'));
    expect(await taken('disk-space-low')).toEqual([]);
    expect(await taken('an-other')).toMatchObject([
      {
        file: `${other}/runbook.yaml`,
        message: expect.stringMatching(
          /^takes the alert of .*\/disk-space-low\/rehearsals\/.*\.yaml, which is to start/,
        ),
      },
    ]);
  });

  it.each([
    ['match asks for something else', 'runbook.yaml', 'component: [CWAgent]', 'component: [AWS/EC2]'],
    ['its event is a recovery', 'rehearsals/alarm.json', '"value": "ALARM"', '"value": "OK"'],
    ['its event has a state that is none', 'rehearsals/alarm.json', '"value": "ALARM"', '"value": "ALRAM"'],
  ])('reports a rehearsal that does not start its runbook, because %s', async (_why, file, from, to) => {
    project.edit(`${disk}/${file}`, from, to);
    const { problems } = await validateRunbooks(project.root, ['disk-space-low'], facts);
    expect(problems.map(problemText)).toContainEqual(
      expect.stringMatching(/rehearsals\/compress-recovers\.yaml:2:8: this event does not start the runbook/),
    );
  });

  it('reports an event that starts nothing in the folder of default as well', async () => {
    project.edit('statemachines/runbooks/default/rehearsals/alarm.json', '"value": "ALARM"', '"value": "OK"');
    const { problems } = await validateRunbooks(project.root, ['default'], facts);
    expect(problems.map(problemText)).toEqual([expect.stringContaining('this event does not start the runbook')]);
  });

  it.each(['definition.asl.json', 'rehearsals', 'runbook.yaml'])(
    'reports what is wrong where %s is a folder, or a file in place of one',
    async (name) => {
      project.remove(`${disk}/${name}`);
      if (name === 'rehearsals') project.write(`${disk}/${name}`, '');
      else project.write(`${disk}/${name}/inside`, '');
      const { problems } = await validateRunbooks(project.root, ['disk-space-low'], facts);
      expect(problems.map(problemText)).toContainEqual(expect.stringContaining(name));
    },
  );

  it('reports a definition that is no JSON once', async () => {
    project.edit(`${disk}/definition.asl.json`, '"StartAt":', '"StartAt"');
    const { problems } = await validateRunbooks(project.root, ['disk-space-low'], facts);
    expect(problems.filter(({ message }) => message.startsWith('is not JSON'))).toHaveLength(1);
  });

  it('reads every rehearsal once', async () => {
    const read = vi.spyOn(SourceFile, 'read');
    await validateRunbooks(project.root, ['disk-space-low'], facts);
    const rehearsals = read.mock.calls.map(([file]) => file).filter((file) => /\/rehearsals\/.*\.yaml$/.test(file));
    read.mockRestore();
    expect(rehearsals.length).toBeGreaterThan(3);
    expect(rehearsals).toHaveLength(new Set(rehearsals).size);
  });

  it('says which runbooks there are, when one is not', async () => {
    await expect(validateRunbooks(project.root, ['disk'], facts)).rejects.toThrow(UnknownRunbookError);
    await expect(validateRunbooks(project.root, ['disk'], facts)).rejects.toThrow(/There are: .*disk-space-low/);
  });

  it.each([
    ['a group of approvers that is not there', 'runbook.yaml', /approvers: \w+/, 'approvers: nobody'],
    ['a pattern that EventBridge refuses', 'runbook.yaml', /match:\n/, 'match:\n  bad: nope\n'],
    ['a document that is not there', 'runbook.yaml', 'document: compress-logs', 'document: compress'],
  ])('reports %s', async (_what, file, from, to) => {
    project.edit(`${disk}/${file}`, from, to);
    const { problems } = await validateRunbooks(project.root, ['disk-space-low'], facts);
    expect(problems[0]).toMatchObject({ file: `${disk}/${file}`, severity: 'problem' });
    expect(problems[0]?.line).toBeGreaterThan(1);
  });

  it('reports a step that changes something which the manifest does not declare', async () => {
    project.edit(`${ec2}/start-again.automation.yaml`, 'Api: StartInstances', 'Api: TerminateInstances');
    const { problems } = await validateRunbooks(project.root, ['ec2-status-check-failed'], facts);
    expect(problems).toContainEqual(
      expect.objectContaining({
        file: `${ec2}/start-again.automation.yaml`,
        message: expect.stringContaining('ec2:TerminateInstances'),
      }),
    );
  });

  it('keeps advice apart from problems', async () => {
    project.edit(`${disk}/compress-logs.command.yaml`, 'gzip -- "$file"', 'gzip "$file"');
    expect(await validateRunbooks(project.root, ['disk-space-low'], facts)).toMatchObject({
      problems: [],
      advice: [{ severity: 'advice' }],
    });
  });
});

describe('readProjectFacts', () => {
  it('knows what definitions may name, and the diagnostics there are', () => {
    expect(facts.substitutions).toEqual(
      expect.arrayContaining(['DiagnoseFunctionArn', 'RemediateMachineArn', 'RunbookId']),
    );
    expect(facts.diagnostics).toEqual(expect.arrayContaining(['instance-status', 'recent-changes']));
    expect(facts.awsDocuments.get('AWS-StopEC2Instance')).toContain('InstanceId');
  });
});
