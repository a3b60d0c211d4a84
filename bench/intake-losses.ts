import { join } from 'node:path';
import { integrationKeyOf } from '../rehearsal/local-stack.ts';
import { projectRoot } from '../cli/project-root.ts';
import type { Incident } from '../functions/domain/incident.ts';
import { synthesise } from '../infra/synthesise.ts';
import { AwsError } from '../sandbox/aws.ts';
import { Alertmanager } from '../test/peers/prometheus-alertmanager.ts';
import { Stage } from '../test/support/stage.ts';
import { Sink } from './intake-client.ts';
import { printTable } from './table.ts';

const count = 20;
const keys = Array.from({ length: count }, (_, index) => `key-${index}`);
const seconds = (amount: number) => new Promise((resolve) => setTimeout(resolve, amount * 1000));

/** What each product loses, doubles and wrongly pages when something fails or comes late. */
export async function losses(): Promise<void> {
  const ours = await oursOf();
  const theirs = await theirsOf();
  printTable(
    ['what happens', 'Handsoff', 'Alertmanager'],
    [
      [`killed after ${count} alerts were accepted, before anybody was told: lost`, ours.lost, theirs.lost],
      [`killed after ${count} were told, and all are sent again: told twice`, ours.doubled, theirs.doubled],
      ['an ALARM that is older than its OK, and comes after it: pages', ours.late, theirs.late],
    ],
  );
  console.log(
    '\nHandsoff in the sandbox: the function that triages, and then the one that tells, dies in the middle, and AWS runs it again. Alertmanager is killed and started again on the same storage; to wait for the kill it has group_wait 2s.',
  );
}

interface Losses {
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
}

async function oursOf(): Promise<Losses> {
  const assembly = await synthesise({ projectRoot, outdir: join(projectRoot, '.build/bench-assembly') });
  const stage = await Stage.open({ assembly });
  try {
    await stage.scene('ec2-status-check-failed/rehearsals/restart-recovers');
    const dying = new AwsError('ServiceException', 'The process was killed.', 500);
    // As often as the SDK itself tries: it cannot be noted at all.
    const gone = new AwsError('InternalServerError', 'The process was killed.', 500);
    // Every alert's first execution dies.
    const killTriage = failFirst(stage, 'lambda:Invoke', 'triage-alert', dying, count);
    for (const key of keys) await send(stage, key, 'trigger');
    await stage.goOn(5);
    killTriage();
    const [told, seen] = await keysSeen(stage);
    // The claim of what was sent cannot be confirmed: whoever tells is killed between sending and noting it.
    const killTelling = failFirst(stage, 'dynamodb:UpdateItem', 'tellpeople', gone, 3);
    await stage.stack.click('acknowledge', told[0]?.id ?? '', 'U0HANDSOFF1');
    for (const key of keys) await send(stage, key, 'trigger');
    await stage.goOn(5);
    killTelling();
    const acknowledged = stage.stack.sandbox.topics
      .published()
      .filter(({ subject }) => subject?.includes('] ACKNOWLEDGED'));
    return { lost: count - seen, doubled: Math.max(0, acknowledged.length - 1), late: await lateOfOurs(stage) };
  } finally {
    await stage.close();
  }
}

/** The incidents of our keys, and how many keys are seen in them: as many at once are a storm, which takes in the rest. */
async function keysSeen(stage: Stage): Promise<[readonly Incident[], number]> {
  const incidents = (await stage.stack.incidents()).filter(({ alert }) => alert.origin.format === 'pagerduty');
  const members = (await Promise.all(incidents.map(({ id }) => stage.stack.members(id)))).flat();
  const seen = new Set([...incidents, ...members].map(({ alert }) => alert.dedup_key));
  return [incidents, seen.size];
}

async function lateOfOurs(stage: Stage): Promise<number> {
  await stage.scene('ec2-status-check-failed/rehearsals/restart-recovers');
  const late = stage.event('ec2-status-check-alarm');
  stage.stack.sandbox.deliver(stage.event('ec2-status-check-ok'));
  await stage.goOn(5);
  const before = stage.stack.sandbox.topics.published().length;
  stage.stack.sandbox.deliver(late);
  await stage.goOn(60);
  return stage.stack.sandbox.topics.published().length - before;
}

function failFirst(stage: Stage, call: string, about: string, error: AwsError, times: number): () => void {
  let left = times;
  return stage.failing(call, ({ principal, input }) =>
    `${principal.arn} ${JSON.stringify(input)}`.includes(about) && left-- > 0 ? error : undefined,
  );
}

async function send(stage: Stage, key: string, event_action: string): Promise<void> {
  const payload = { summary: key, source: 'web-1', severity: 'error' };
  const event = { routing_key: integrationKeyOf('pagerduty'), event_action, dedup_key: key, payload };
  const { status } = await stage.stack.post('/v2/enqueue', event);
  if (status !== 202) throw new Error(`The sandbox answered ${status} instead of 202.`);
}

async function theirsOf(): Promise<Losses> {
  const sink = new Sink();
  const url = await sink.open();
  const start = (group_wait: string) =>
    Alertmanager.start({
      route: { receiver: 'sink', group_by: ['alertname'], group_wait, group_interval: '1s', repeat_interval: '4h' },
      receivers: [{ name: 'sink', webhook_configs: [{ url, send_resolved: false }] }],
    });
  const all = keys.map((alertname) => ({ labels: { alertname } }));

  const waiting = await start('2s');
  await waiting.post(all);
  await waiting.crash();
  await seconds(5);
  const lost = count - sink.firstTold.size;
  await waiting.close();

  sink.forget();
  const telling = await start('0s');
  await telling.post(all);
  await seconds(3);
  await telling.crash();
  await telling.post(all);
  await seconds(3);
  const doubled = sink.notifications - sink.firstTold.size;
  await telling.close();

  const ordering = await start('0s');
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const labels = { alertname: 'late' };
  await ordering.post([{ labels, startsAt }]);
  await seconds(2);
  await ordering.post([{ labels, startsAt, endsAt: new Date().toISOString() }]);
  await seconds(3);
  sink.forget();
  await ordering.post([{ labels, startsAt }]);
  await seconds(3);
  const late = sink.notifications;
  await ordering.close();
  await sink.close();
  return { lost, doubled, late };
}
