import { Agent, createServer, request, type Server } from 'node:http';
import { readFileSync } from 'node:fs';

/** The bearer token of the benchmark's integration. */
export const benchKey = 'benchmark-key-of-no-value-elsewhere';

const connections = 16;

/** One alert to send: the key it is told by, and what tells it from others of that key. */
export interface BenchAlert {
  readonly key: string;
  readonly instance?: string;
}

/** How the same alert is sent to one product. */
export interface Product {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyOf: (alert: BenchAlert) => string;
  readonly pid: number;
}

/** What a run came to; times in milliseconds. */
export interface RunResult {
  readonly alertsPerSecond: number;
  readonly requestMs: readonly number[];
  /** From the first send of a key to its first notification, of every key that was told. */
  readonly toldMs: readonly number[];
  readonly notifications: number;
  readonly refused: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** Takes notifications as any webhook does, and remembers when each key was told first. */
export class Sink {
  readonly #server: Server;
  readonly firstTold = new Map<string, number>();
  notifications = 0;

  constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        this.#take(
          JSON.parse(Buffer.concat(chunks).toString('utf8')) as { alerts: { labels: { alertname: string } }[] },
        );
        outgoing.writeHead(200).end();
      });
    });
  }

  /** Listens on loopback; answers its URL. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The sink has no port.');
    return `http://127.0.0.1:${address.port}/`;
  }

  forget(): void {
    this.firstTold.clear();
    this.notifications = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take({ alerts }: { readonly alerts: readonly { readonly labels: { readonly alertname: string } }[] }): void {
    this.notifications++;
    for (const { labels } of alerts)
      if (!this.firstTold.has(labels.alertname)) this.firstTold.set(labels.alertname, performance.now());
  }
}

/** Sends every alert in a POST of its own over 16 connections, and waits until every key was told or 20 seconds went by. */
export async function run(product: Product, alerts: readonly BenchAlert[], sink: Sink): Promise<RunResult> {
  sink.forget();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const firstSent = new Map<string, number>();
  const requestMs: number[] = [];
  const cpuBefore = cpuSecondsOf(product.pid);
  let refused = 0;
  let next = 0;
  const began = performance.now();
  const connection = async () => {
    for (let alert = alerts[next++]; alert; alert = alerts[next++]) {
      const sent = performance.now();
      if (!firstSent.has(alert.key)) firstSent.set(alert.key, sent);
      const status = await post(product, product.bodyOf(alert), agent);
      requestMs.push(performance.now() - sent);
      if (status < 200 || status > 299) refused++;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - began) / 1000;
  await until(() => sink.firstTold.size >= firstSent.size, 20_000);
  // Whatever is told twice is told within this time.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  agent.destroy();
  const toldMs = [...sink.firstTold].map(([key, at]) => at - (firstSent.get(key) ?? at));
  return {
    alertsPerSecond: alerts.length / seconds,
    requestMs,
    toldMs,
    notifications: sink.notifications,
    refused,
    cpuSeconds: cpuSecondsOf(product.pid) - cpuBefore,
    peakMb: memoryMbOf(product.pid, 'VmHWM'),
  };
}

/** One POST; answers the status, 0 when there was no answer. */
export function post({ url, headers }: Pick<Product, 'url' | 'headers'>, body: string, agent?: Agent): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, ...(agent && { agent }) },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    outgoing.once('error', () => resolve(0));
    outgoing.end(body);
  });
}

/** Waits until something is so, at most some milliseconds; answers whether it became so. */
export async function until(isSo: () => boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!isSo() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  return isSo();
}

/** Of a process: `VmHWM` is the most memory it ever held, `VmRSS` what it holds now. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
export function memoryMbOf(pid: number, what: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** User and system time of a process in hundredths of a second, as Linux counts: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
