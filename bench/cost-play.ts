import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LocalStack } from '../rehearsal/local-stack.ts';
import { projectRoot } from '../cli/project-root.ts';
import { type Rehearsal, readRehearsal } from '../rehearsal/rehearsal-file.ts';
import type { EntryKind } from '../functions/domain/incident.ts';
import { selfTest } from '../functions/domain/self-test.ts';
import type { Resource } from '../sandbox/assembly/resource.ts';
import type { Usage } from './cost-model.ts';
import { type Played, usageOf } from './cost-usage.ts';

/**
 * What comes after the alarm: AWS's own second delivery or the alarm firing again, while the incident is open; or, when it is
 * over, the alert that Handsoff sends itself.
 */
export type Repeat = 'copy' | 'again' | 'self-test';

/** What a whole incident used, and what it came to. */
export interface CostPlay {
  readonly usage: Usage;
  readonly incidents: number;
  /** Names of the metrics of our own that were counted. */
  readonly metrics: ReadonlySet<string>;
  /** What is paid for although nothing happens. */
  readonly month: Usage;
}

const rehearsed = 'statemachines/runbooks/ec2-status-check-failed/rehearsals/restart-recovers.yaml';

/** Further alerts come this many seconds apart, all of them before the instance has recovered. */
const secondsApart = 5;

/** CloudWatch Logs bills 26 bytes beside each line: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const bytesBesideLine = 26;

/** Plays one repaired incident to its end in the sandbox, with what else comes, and counts what AWS would bill. */
export async function playCost(assembly: string, repeats: number, repeat: Repeat = 'again'): Promise<CostPlay> {
  const rehearsal = readRehearsal(join(projectRoot, rehearsed));
  const stack = await LocalStack.start({
    assembly,
    world: rehearsal.world,
    startAt: new Date(String(rehearsal.event['time'])),
  });
  const kinds: EntryKind[] = [];
  stack.onEntry(({ kind }) => kinds.push(kind));
  const callsBefore = stack.sandbox.router.calls().length;
  schedule(stack, rehearsal, repeat === 'self-test' ? 0 : repeats, repeat);
  await stack.sandbox.run();
  if (repeat === 'self-test') await runSelfTests(stack, repeats);
  const incidents = await stack.incidents();
  const played = await lookAt(stack, kinds, callsBefore);
  const play = {
    usage: usageOf(played),
    incidents: incidents.length,
    metrics: metricsIn(stack),
    month: monthOf(stack),
  };
  const faults = stack.faults();
  await stack.close();
  if (faults.length > 0 || incidents.length !== 1 || incidents[0]?.status !== 'resolved') {
    throw new Error(`The play did not go as it should: ${incidents.length} incidents. ${faults.join(' ')}`);
  }
  return play;
}

function schedule({ sandbox }: LocalStack, { event }: Rehearsal, repeats: number, repeat: Repeat): void {
  sandbox.deliver(event);
  for (let index = 1; index <= repeats; index++) {
    sandbox.clock.schedule(index * secondsApart * 1000, 'another alert', () =>
      sandbox.deliver(repeat === 'copy' ? event : firedAgain(event, sandbox.clock.iso())),
    );
  }
}

async function runSelfTests({ sandbox }: LocalStack, runs: number): Promise<void> {
  const endSchedules = sandbox.events.startSchedules();
  await sandbox.run(undefined, new Date(sandbox.clock.now() + (runs + 0.5) * selfTest.everyMinutes * 60_000));
  endSchedules();
}

function firedAgain(event: Rehearsal['event'], time: string): Rehearsal['event'] {
  const copy = structuredClone(event) as Record<string, unknown> & { detail: { state: { timestamp: string } } };
  copy.detail.state.timestamp = time;
  return { ...copy, id: randomUUID(), time };
}

async function lookAt({ sandbox }: LocalStack, lines: readonly EntryKind[], callsBefore: number): Promise<Played> {
  const table = sandbox.assembly.ofType('AWS::DynamoDB::Table')[0]?.physicalId ?? '';
  const steps = sandbox.systems.automationExecutions().map((execution) => execution.steps.length);
  const logs = sandbox.functions.logs().map(({ message }) => Buffer.byteLength(message) + bytesBesideLine);
  return {
    calls: sandbox.router.calls().slice(callsBefore),
    executions: sandbox.machines.executions(),
    lines,
    automationSteps: steps.reduce((sum, count) => sum + count, 0),
    items: await sandbox.tables.items(table),
    endedAt: sandbox.clock.now(),
    logBytes: logs.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** Alarms (by the metrics that they look at), secrets, and the polls of an empty queue: five at a time, of 20 seconds each. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
function monthOf({ sandbox: { assembly } }: LocalStack): Usage {
  const polled = assembly
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => String(properties['EventSourceArn']).includes(':sqs:'));
  return {
    alarmMonth: assembly.ofType('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    secretMonth: assembly.ofType('AWS::SecretsManager::Secret').length,
    queueRequest: polled.length * 5 * (60 / 20) * 60 * 24 * 30,
  };
}

/** An alarm on an expression is billed by each metric in it: https://aws.amazon.com/cloudwatch/pricing/ */
function metricsOf({ properties: { Metrics: metrics } }: Resource): number {
  return Array.isArray(metrics) ? metrics.filter((metric: object) => 'MetricStat' in metric).length : 1;
}

/** A metric is billed once a month however often it is counted; one with other dimensions is another metric. */
function metricsIn({ sandbox }: LocalStack): Set<string> {
  const lines = sandbox.functions.logs().filter(({ message }) => message.startsWith('{"_aws"'));
  return new Set(
    lines.flatMap(({ message, functionName }) =>
      [...message.matchAll(/"Name":"([\w-]+)"/g)].map(([, name]) =>
        message.includes('"function_name"') ? `${name} of ${functionName}` : `${name}`,
      ),
    ),
  );
}
