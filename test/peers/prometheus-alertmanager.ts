import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageName = 'prometheus-alertmanager';
const room = fileURLToPath(new URL('../../.build/peers', import.meta.url));

/** Where Debian's build looks for its own template, wherever the program itself is. */
const templates = '/usr/share/prometheus/alertmanager';

/**
 * The path of Debian's Prometheus Alertmanager: the one that is installed, or its package unpacked into `.build/peers`,
 * which starts no service. Throws with what to do where there is neither.
 */
export function findAlertmanager(): string {
  const unpacked = join(room, 'usr/bin', packageName);
  const found = ['/usr/bin/prometheus-alertmanager', unpacked].find((path) => existsSync(path));
  if (found) return withTemplates(found);
  mkdirSync(room, { recursive: true });
  try {
    download();
  } catch (error) {
    throw new Error(
      `Debian's ${packageName} could not be downloaded; install it with apt and try again. ${String(error)}`,
      { cause: error },
    );
  }
  const file = readdirSync(room).find((name) => name.startsWith(packageName) && name.endsWith('.deb'));
  if (!file) throw new Error(`apt-get download left no package in ${room}.`);
  execFileSync('dpkg-deb', ['--extract', join(room, file), room]);
  return withTemplates(unpacked);
}

/** Sees to it that the program finds its template. Throws where only root could put it there. */
function withTemplates(program: string): string {
  if (existsSync(templates)) return program;
  try {
    cpSync(join(room, templates), templates, { recursive: true });
  } catch (error) {
    throw new Error(`${packageName} reads its template from ${templates}; install the package with apt.`, {
      cause: error,
    });
  }
  return program;
}

function download(): void {
  const get = () => execFileSync('apt-get', ['download', packageName], { cwd: room, stdio: 'pipe' });
  try {
    get();
  } catch {
    // A machine whose package lists were never fetched, or are old.
    execFileSync('apt-get', ['update'], { stdio: 'pipe' });
    get();
  }
}

/** One Prometheus Alertmanager on loopback, with a configuration and a folder of its own. */
export class Alertmanager {
  readonly url: string;
  readonly #options: readonly string[];
  readonly #folder: string;
  #process: ChildProcess;

  private constructor(url: string, options: readonly string[], folder: string) {
    this.url = url;
    this.#options = options;
    this.#folder = folder;
    this.#process = spawn(findAlertmanager(), options, { stdio: 'ignore' });
  }

  /** Starts it and waits until it is ready, at most 20 seconds. `config` is `alertmanager.yml`. */
  static async start(config: object): Promise<Alertmanager> {
    const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
    // JSON is YAML.
    writeFileSync(join(folder, 'alertmanager.yml'), JSON.stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const options = [
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ];
    const alertmanager = new Alertmanager(`http://${address}`, options, folder);
    try {
      await alertmanager.#becomeReady();
      return alertmanager;
    } catch (error) {
      await alertmanager.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Kills it as a power cut would, and starts it again on the same folder. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
    this.#process = spawn(findAlertmanager(), this.#options, { stdio: 'ignore' });
    await this.#becomeReady();
  }

  /** Posts alerts as Prometheus does. */
  async post(alerts: readonly object[]): Promise<void> {
    const response = await fetch(`${this.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
  }

  /** Ends it and removes its folder. */
  async close(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill(signal);
    await ended;
  }

  async #becomeReady(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const response = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${packageName} did not become ready at ${this.url}.`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port is free on loopback.');
  return address.port;
}
