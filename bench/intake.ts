import { type ChildProcess, spawn } from 'node:child_process';
import { Alertmanager } from '../test/peers/prometheus-alertmanager.ts';
import { projectRoot } from '../cli/project-root.ts';
import { type BenchAlert, benchKey, memoryMbOf, type Product, run, type RunResult, Sink } from './intake-client.ts';
import { cpuMsOfDuplicate } from './intake-cpu.ts';
import { losses } from './intake-losses.ts';
import { TableServer } from './intake-table.ts';
import { printTable } from './table.ts';

const alerts = 10_000;

/** The same work for both: how many keys, and whether every alert names an instance of its own. */
const works: readonly { readonly name: string; readonly alerts: readonly BenchAlert[] }[] = [
  { name: '100 keys', alerts: listOf((index) => ({ key: `key-${index % 100}` })) },
  {
    name: '100 keys, an instance label to each alert',
    alerts: listOf((index) => ({ key: `key-${index % 100}`, instance: `web-${index}` })),
  },
  { name: '10,000 keys', alerts: listOf((index) => ({ key: `key-${index}` })) },
];

/** Handsoff's intake and Prometheus Alertmanager side by side: same client, same alerts, same sink, one after the other. */
export async function intake(): Promise<void> {
  const sink = new Sink();
  const url = await sink.open();
  const rows: (string | number)[][] = [];
  const memory: Record<string, Record<string, number>> = {};
  for (const work of works) {
    for (const start of [startHandsoff, startAlertmanager]) {
      const { product, stop, heldMb } = await start(url);
      process.stderr.write(`… ${work.name}, ${product.name}\n`);
      const result = await run(product, work.alerts, sink);
      (memory[product.name] ??= {})[work.name] = await heldMb();
      await stop();
      rows.push([work.name, product.name, ...figuresOf(result, work.alerts.length)]);
    }
  }
  await sink.close();
  console.log(`${alerts.toLocaleString('en')} alerts, one a POST, 16 keep-alive connections, both told by webhook.\n`);
  printTable(
    [
      'work',
      'product',
      'alerts/s',
      'request p50/p99 ms',
      'told p50/p99 ms',
      'keys told',
      'notifications',
      'refused',
      'CPU ms/alert',
      'peak MB',
    ],
    rows,
  );
  printMemory(memory);
  console.log(
    `\nCPU of triage for a duplicate, in the function itself: ${(await cpuMsOfDuplicate()).toFixed(3)} ms.\n`,
  );
  await losses();
  console.log(
    '\nHandsoff here is the code of receive-webhook and triage-alert in one Node process, its table in another: on AWS there are EventBridge, Express and DynamoDB between them, as many Lambda environments as are needed, and some 100 ms more before somebody is told. Alertmanager is one Go process that keeps its alerts in memory, with group_wait 0s; its own default waits 30 s.',
  );
}

function listOf(alertOf: (index: number) => BenchAlert): readonly BenchAlert[] {
  return Array.from({ length: alerts }, (_, index) => alertOf(index));
}

function figuresOf(result: RunResult, count: number): (string | number)[] {
  const pair = (values: readonly number[]) =>
    `${percentile(values, 0.5).toFixed(1)} / ${percentile(values, 0.99).toFixed(1)}`;
  return [
    Math.round(result.alertsPerSecond),
    pair(result.requestMs),
    pair(result.toldMs),
    result.toldMs.length,
    result.notifications,
    result.refused,
    ((result.cpuSeconds * 1000) / count).toFixed(3),
    Math.round(result.peakMb),
  ];
}

function printMemory(memory: Readonly<Record<string, Readonly<Record<string, number>>>>): void {
  console.log(
    '\nMemory held when all was sent, and how it grows with the keys: of Handsoff what V8 could not collect, of Alertmanager what the process holds.\n',
  );
  const rows = Object.entries(memory).map(([name, held]) => {
    const [few = Number.NaN, many = Number.NaN] = [held['100 keys'], held['10,000 keys']];
    return [name, few.toFixed(1), many.toFixed(1), (many / few).toFixed(2)];
  });
  printTable(['product', '100 keys MB', '10,000 keys MB', 'ratio'], rows);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A product that takes alerts. */
interface Started {
  readonly product: Product;
  readonly stop: () => Promise<void>;
  /** Memory that it holds and needs. */
  readonly heldMb: () => Promise<number>;
}

async function startHandsoff(sink: string): Promise<Started> {
  const table = new TableServer();
  const options = ['--expose-gc', '--import', 'tsx', `${projectRoot}/bench/intake-server.ts`, sink, await table.open()];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await firstLineOf(child);
  const product = {
    name: 'Handsoff',
    url: `http://127.0.0.1:${port}/integrations/bench`,
    headers: { authorization: `Bearer ${benchKey}` },
    bodyOf: alertmanagerWebhook,
    pid: child.pid ?? 0,
  };
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    await table.close();
  };
  // What V8 has not collected yet is not what the code holds.
  const heldMb = async () => {
    const line = firstLineOf(child);
    child.kill('SIGUSR2');
    return Number(await line);
  };
  return { product, stop, heldMb };
}

async function startAlertmanager(sink: string): Promise<Started> {
  const alertmanager = await Alertmanager.start({
    route: { receiver: 'sink', group_by: ['alertname'], group_wait: '0s', group_interval: '1s', repeat_interval: '4h' },
    receivers: [{ name: 'sink', webhook_configs: [{ url: sink }] }],
  });
  const product = {
    name: 'Alertmanager',
    url: `${alertmanager.url}/api/v2/alerts`,
    headers: {},
    bodyOf: (alert: BenchAlert) => JSON.stringify([{ labels: labelsOf(alert) }]),
    pid: alertmanager.pid,
  };
  return { product, stop: () => alertmanager.close(), heldMb: async () => memoryMbOf(alertmanager.pid, 'VmRSS') };
}

/** What Alertmanager itself would send us for the alert. */
function alertmanagerWebhook(alert: BenchAlert): string {
  const labels = labelsOf(alert);
  const fingerprint = `${alert.key} ${alert.instance ?? ''}`;
  const one = { status: 'firing', labels, annotations: {}, startsAt: '2026-11-02T02:59:00Z', fingerprint };
  return JSON.stringify({ version: '4', status: 'firing', alerts: [one] });
}

function labelsOf({ key, instance }: BenchAlert) {
  return { alertname: key, ...(instance && { instance }) };
}

function firstLineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString('utf8').trim()));
    child.once('exit', (code) => reject(new Error(`The intake server ended with ${code} before it was ready.`)));
  });
}
