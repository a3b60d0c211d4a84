import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../infra/config/load-config.ts';
import { documentsOf } from '../../infra/folder-documents.ts';
import { machineAnswers } from '../../rehearsal/record/machine-answers.ts';
import { readExecution } from '../../rehearsal/record/read-execution.ts';
import { recordRehearsal } from '../../rehearsal/record/record-rehearsal.ts';
import { objectAt } from '../../rehearsal/record/step-answers.ts';
import { readRehearsal } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import { rehearseRunbook } from '../../rehearsal/rehearse-runbook.ts';
import { findRunbook } from '../../rehearsal/rehearsed-runbook.ts';
import { operatorKey } from '../../sandbox/sandbox.ts';
import { anAlert } from '../support/an-alert.ts';
import { testAssembly } from '../support/stage.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
let stage: RehearsalStage;

beforeAll(async () => {
  stage = await RehearsalStage.open(testAssembly);
}, 60_000);
afterAll(() => stage?.close());

const client = () => ({
  region: 'eu-central-1',
  endpoint: stage.stack.sandbox.endpointUrl,
  credentials: { accessKeyId: operatorKey, secretAccessKey: 'sandbox' },
});

/** Plays a rehearsal, records its execution from the endpoint as from AWS, and rehearses what was recorded. */
async function recordAgain(id: string, name: string) {
  const folder = loadConfig(checkout).runbooks.find(({ manifest }) => manifest.id === id);
  if (!folder) throw new Error(`There is no ${id}.`);
  const { event, world, directory, people } = readRehearsal(join(folder.directory, `rehearsals/${name}.yaml`));
  const played = await stage.play({ event, world, directory, approver: people.approver, toTheEnd: true });
  const execution = await readExecution(played.runbook?.arn ?? '', {
    sfn: new SFNClient(client()),
    ssm: new SSMClient(client()),
  });
  const { files, toDo } = recordRehearsal(
    { ...execution, account: '111122223333' },
    'recorded',
    documentsOf(folder.directory),
  );
  const out = mkdtempSync(join(tmpdir(), 'handsoff-record-'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(out, file), text);
  // Of an alert that is no alarm the event is put there by hand.
  if (toDo.length > 0) writeFileSync(join(out, 'recorded.alarm.json'), JSON.stringify(event));
  const result = await rehearseRunbook({
    stage,
    runbook: findRunbook(stage.stack.sandbox.assembly, folder),
    rehearsals: [readRehearsal(join(out, 'recorded.yaml'))],
    hasMatrices: false,
  });
  return { files, toDo, scenarios: result.scenarios };
}

it('makes a rehearsal of an execution, read from the endpoint as from AWS, that passes when it is rehearsed', async () => {
  const { files, toDo, scenarios } = await recordAgain('ec2-status-check-failed', 'restart-recovers');
  expect(toDo).toEqual([]);
  expect(Object.keys(files)).toEqual(['recorded.yaml', 'recorded.alarm.json', 'recorded.recovered.json']);
  expect(scenarios.flatMap(({ differences }) => differences)).toEqual([]);
  expect(scenarios).toMatchObject([{ outcome: 'recovered', passed: true }]);
}, 60_000);

it.each([
  ['services that the SDK spells otherwise', 'alb-bad-target', 'one-target-recovers', 'recovered'],
  ['a command that only looks', 'disk-space-low', 'compress-recovers', 'recovered'],
  ['an approver who refused', 'disk-space-low', 'approver-refuses', 'needs-human'],
  ['the answers of an automation', 'rds-storage-low', 'enlarge-recovers', 'recovered'],
  ['a script, and one document that is sent twice', 'ansible-playbook', 'playbook-restores-service', 'recovered'],
  ['a finding about an access key', 'access-key-exposed', 'key-deactivated', 'contained'],
  ['times of answers, as long ago as they were', 'lambda-throttled', 'just-deployed', 'needs-human'],
])(
  'records %s so that it comes to the same',
  async (_what, id, name, outcome) => {
    const { scenarios } = await recordAgain(id, name);
    expect(scenarios.flatMap(({ differences }) => differences)).toEqual([]);
    expect(scenarios).toMatchObject([{ outcome, passed: true }]);
  },
  60_000,
);

it('says what a history does not tell, so that somebody adds it', async () => {
  const { toDo } = await recordAgain('rundeck-job', 'job-drains-queue');
  expect(toDo).toContain(
    'What the function of the step RunJob did is not in the history: say it under answers or jobs of the world.',
  );
}, 60_000);

describe('the history of a machine', () => {
  const at = new Date('2026-11-09T03:00:00Z');
  const sdk = { resourceType: 'aws-sdk:sqs', resource: 'getQueueUrl' };

  it('has what a call failed with, and then what it was answered', () => {
    const cause = 'No such queue. (Service: Sqs, Status Code: 400, Request ID: 0a1b) (SDK Attempt Count: 1)';
    const { answers } = machineAnswers([
      {
        id: 2,
        timestamp: at,
        type: 'TaskFailed',
        taskFailedEventDetails: { ...sdk, error: 'Sqs.QueueDoesNotExistException', cause },
      },
      {
        id: 3,
        timestamp: at,
        type: 'TaskSucceeded',
        taskSucceededEventDetails: { ...sdk, output: '{"QueueUrl":"https://q","At":"2026-11-09T02:59:00Z"}' },
      },
    ]);
    expect(answers).toEqual([
      {
        call: 'sqs:GetQueueUrl',
        error: { code: 'QueueDoesNotExist', message: 'No such queue.', statusCode: 400 },
        times: 1,
      },
      { call: 'sqs:GetQueueUrl', output: { QueueUrl: 'https://q', At: '{{now-60s}}' }, times: 1 },
    ]);
  });
});

it('leaves no account in what it writes, whosever it is', async () => {
  const { files } = recordRehearsal(
    {
      runbook: 'any',
      account: '111122223333',
      input: { alert: anAlert() },
      output: undefined,
      remediate: [],
      automations: [],
      history: [
        {
          id: 1,
          timestamp: undefined,
          type: 'TaskSucceeded',
          taskSucceededEventDetails: {
            resourceType: 'aws-sdk:ecs',
            resource: 'describeTasks',
            output: JSON.stringify({
              Image: '444455556666.dkr.ecr.eu-central-1.amazonaws.com/shop',
              Queue: 'https://sqs.eu-central-1.amazonaws.com/444455556666/orders',
              OwnerId: '444455556666',
              Role: 'arn:aws:iam::444455556666:role/shop',
              Text: 'account 111122223333',
            }),
          },
        },
      ],
    },
    'recorded',
  );
  expect(Object.values(files).join()).not.toMatch(/111122223333|444455556666/);
});

it('refuses what is no execution of a runbook', async () => {
  const other = stage.stack.sandbox.machines
    .executions()
    .find(({ machineArn }) => machineArn.endsWith(':handsoff-respond'));
  await expect(
    readExecution(other?.arn ?? '', { sfn: new SFNClient(client()), ssm: new SSMClient(client()) }),
  ).rejects.toThrow(/no execution of a runbook/);
});

it('makes the smallest answer in which a selector finds what was waited for', () => {
  expect(objectAt('$.Reservations[0].Instances[0].State.Name', 'stopped')).toEqual({
    Reservations: [{ Instances: [{ State: { Name: 'stopped' } }] }],
  });
  expect(objectAt('$.Tags[*].Key', ['a', 'b'])).toEqual({ Tags: [{ Key: 'a' }, { Key: 'b' }] });
});
