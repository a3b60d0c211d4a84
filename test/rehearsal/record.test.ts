import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../infra/config/load-config.ts';
import { readExecution } from '../../rehearsal/record/read-execution.ts';
import { recordRehearsal } from '../../rehearsal/record/record-rehearsal.ts';
import { objectAt } from '../../rehearsal/record/automation-answers.ts';
import { readRehearsal } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import { rehearseRunbook } from '../../rehearsal/rehearse-runbook.ts';
import { findRunbook } from '../../rehearsal/rehearsed-runbook.ts';
import { operatorKey } from '../../sandbox/sandbox.ts';
import { testAssembly } from '../support/stage.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const id = 'ec2-status-check-failed';
const out = mkdtempSync(join(tmpdir(), 'handsoff-record-'));
let stage: RehearsalStage;

beforeAll(async () => {
  stage = await RehearsalStage.open(testAssembly);
}, 60_000);
afterAll(() => stage?.close());

it('makes a rehearsal of an execution, read from the endpoint as from AWS, that passes when it is rehearsed', async () => {
  const folder = loadConfig(checkout).runbooks.find(({ manifest }) => manifest.id === id);
  if (!folder) throw new Error(`There is no ${id}.`);
  const { event, world, directory } = readRehearsal(join(folder.directory, 'rehearsals/restart-recovers.yaml'));
  const played = await stage.play({ event, world, directory, approver: 'agrees', toTheEnd: true });
  const client = {
    region: 'eu-central-1',
    endpoint: stage.stack.sandbox.endpointUrl,
    credentials: { accessKeyId: operatorKey, secretAccessKey: 'sandbox' },
  };
  const execution = await readExecution(played.runbook?.arn ?? '', {
    sfn: new SFNClient(client),
    ssm: new SSMClient(client),
  });
  const { files, toDo } = recordRehearsal({ ...execution, account: '111122223333' }, 'recorded');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(out, file), text);
  expect(toDo).toEqual([]);
  expect(Object.keys(files)).toEqual(['recorded.yaml', 'recorded.alarm.json', 'recorded.recovered.json']);
  const result = await rehearseRunbook({
    stage,
    runbook: findRunbook(stage.stack.sandbox.assembly, folder),
    rehearsals: [readRehearsal(join(out, 'recorded.yaml'))],
    hasMatrices: false,
  });
  expect(result.scenarios.flatMap(({ differences }) => differences)).toEqual([]);
  expect(result.scenarios).toMatchObject([{ outcome: 'recovered', passed: true }]);
}, 60_000);

it('refuses what is no execution of a runbook', async () => {
  const client = {
    region: 'eu-central-1',
    endpoint: stage.stack.sandbox.endpointUrl,
    credentials: { accessKeyId: operatorKey, secretAccessKey: 'sandbox' },
  };
  const other = stage.stack.sandbox.machines
    .executions()
    .find(({ machineArn }) => machineArn.endsWith(':handsoff-respond'));
  await expect(
    readExecution(other?.arn ?? '', { sfn: new SFNClient(client), ssm: new SSMClient(client) }),
  ).rejects.toThrow(/no execution of a runbook/);
});

it('makes the smallest answer in which a selector finds what was waited for', () => {
  expect(objectAt('$.Reservations[0].Instances[0].State.Name', 'stopped')).toEqual({
    Reservations: [{ Instances: [{ State: { Name: 'stopped' } }] }],
  });
});
