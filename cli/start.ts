import { join } from 'node:path';
import { Command } from 'commander';
import type { LoadedConfig } from '../infra/config/load-config.ts';
import { ControlServer, defaultPort } from './control-server.ts';
import type { DemonstrationResult } from './demonstration.ts';
import { showDuration } from './duration.ts';
import { paint } from './paint.ts';
import { readPort } from './port.ts';
import { projectRoot } from './project-root.ts';
import { showEntriesOfMany } from './show-incident.ts';

/** Who answers other commands, and on which port. */
interface Serving {
  readonly server: ControlServer;
  readonly port: number;
}

interface StartOptions {
  readonly port: number;
  readonly exit?: true;
  readonly json?: true;
}

/** `handsoff start`: the stack on this machine, with a demonstration. */
export function startCommand(): Command {
  return new Command('start')
    .description('Bring the stack up in this process and play an alarm through it; then keep serving.')
    .option('--port <number>', 'port on loopback for the other commands; 0 takes any free one', readPort, defaultPort)
    .option('--exit', 'stop after the demonstration: 0 when the incident was repaired, proven and told, 1 when not')
    .option('--json', 'print the result of the demonstration as JSON, and nothing else on standard output')
    .action(start);
}

async function start({ port, exit, json }: StartOptions): Promise<void> {
  const say = json ? () => undefined : (line = '') => console.log(line);
  const server = new ControlServer();
  // Before anything that takes its time: a port that is taken is to be heard of at once.
  const actual = exit ? undefined : (await server.listen(port)).port;
  try {
    if (json && actual !== undefined) console.error(`Serves on port ${actual}.`);
    await bringUp(say, json === true, actual === undefined ? undefined : { server, port: actual });
  } finally {
    await server.close();
  }
}

async function bringUp(say: (line?: string) => void, json: boolean, serving: Serving | undefined): Promise<void> {
  say(paint('bold', 'Handsoff') + paint('dim', ' · your stack in this process; no AWS account, no network'));
  say();
  const observing: string[] = [];
  const { assembly, config } = await timed(say, 'synthesised the stack, as cdk deploy does', async () => {
    const [{ synthesise }, { loadConfig }] = await Promise.all([
      import('../infra/synthesise.ts'),
      import('../infra/config/load-config.ts'),
    ]);
    const config = loadConfig(projectRoot);
    const assembly = await synthesise({
      projectRoot,
      config,
      outdir: join(projectRoot, '.build/assembly'),
      validate: false,
      onUncertified: (id, why) => observing.push(`${id} only observes: ${why}`),
    });
    return { assembly, config };
  });
  const [{ LocalStack }, { readRehearsal }, { demonstrate, demonstrationFile }] = await Promise.all([
    import('../rehearsal/local-stack.ts'),
    import('../rehearsal/rehearsal-file.ts'),
    import('./demonstration.ts'),
  ]);
  const rehearsal = readRehearsal(demonstrationFile(projectRoot));
  const stack = await timed(say, 'brought it up: functions loaded, IAM enforced', () =>
    LocalStack.start({
      assembly,
      warm: true,
      world: rehearsal.world,
      startAt: new Date(String(rehearsal.event['time'])),
    }),
  );
  for (const line of observing) say(`  ${paint('yellow', '!')} ${line}`);
  const stop = stopOnSignal();
  try {
    say();
    say(`${paint('bold', 'An alarm fires')}, recorded at 3 a.m.: ${rehearsal.title.toLowerCase()}.`);
    say();
    const show = showEntriesOfMany();
    const result = await demonstrate(stack, rehearsal, (entry, incidentId) => say(show(entry, incidentId)));
    if (json) console.log(JSON.stringify(result, null, 2));
    else for (const line of summary(result)) say(line);
    process.exitCode = isGood(result) ? 0 : 1;
    if (serving) await serve(stack, config, serving, say, stop);
  } finally {
    await stack.close();
  }
}

function isGood(result: DemonstrationResult): boolean {
  return result.outcome === 'recovered' && result.toldWithDiagnosisMs !== null && result.faults.length === 0;
}

function summary(result: DemonstrationResult): string[] {
  const { transitions, slack, published } = result;
  const total = Object.values(transitions).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(transitions).map(([name, count]) => `${name} ${count}`);
  const high = published.filter(({ urgency }) => urgency === 'high').length;
  const label = (text: string) => paint('dim', text.padEnd(13));
  const outcome =
    result.outcome === 'recovered'
      ? paint('green', 'repaired, and proven to have recovered')
      : paint('red', 'not recovered');
  return [
    '',
    `${label('outcome')}${outcome} in ${showDuration(result.incidentSeconds * 1000)} of its own time`,
    `${label('told')}with the diagnosis after ${showDuration(result.toldWithDiagnosisMs ?? 0)}; ${published.length} SNS messages (${high} high urgency), ` +
      `${slack.messages} Slack message, edited ${slack.edits} times, ${slack.threadLines} lines in its thread`,
    `${label('changed')}${result.changes.join(', ') || 'nothing'}`,
    `${label('cost')}${total} Standard transitions (${parts.join(', ')})`,
    `${label('took')}${showDuration(result.elapsedMs)} on this machine`,
    ...result.faults.map((fault) => paint('red', `sandbox fault: ${fault}`)),
    '',
  ];
}

async function serve(
  stack: import('../rehearsal/local-stack.ts').LocalStack,
  { deployed: { integrations }, listensTo }: LoadedConfig,
  { server, port }: Serving,
  say: (line?: string) => void,
  stop: Promise<void>,
): Promise<void> {
  const [{ everyWorld }, { integrationKeyOf }, { operatorKey }] = await Promise.all([
    import('../rehearsal/rehearsal-file.ts'),
    import('../rehearsal/local-stack.ts'),
    import('../sandbox/sandbox.ts'),
  ]);
  stack.sandbox.meet(everyWorld(projectRoot));
  const option = port === defaultPort ? '' : ` --port ${port}`;
  say(`${paint('bold', 'Still serving')} on port ${port}; its time now runs with the clock. In another terminal:`);
  say();
  say(`  npx handsoff send test/fixtures/events/cloudwatch/disk-space-low-alarm.json${option}`);
  say(`  npx handsoff incidents${option}`);
  say(`  npx handsoff incident <id>${option}        says how to answer what it asks`);
  say(`  npx handsoff advance 15m${option}`);
  say();
  if (integrations.length > 0)
    say('Your tools can send here, each with its key of this sandbox (docs/sources.md says how):');
  const width = Math.max(0, ...integrations.map(({ path }) => path.length));
  for (const { id, path, secret } of integrations) {
    const url = `${stack.sandbox.apiUrls[0]}${path.padEnd(width)}`;
    say(`  ${id.padEnd(13)} ${url}  ${secret ? integrationKeyOf(id) : 'signed by Amazon'}`);
  }
  say();
  say('Any AWS SDK client can look at it, and handsoff record can make a rehearsal of what it did:');
  const { region } = stack.sandbox.assembly;
  // The AWS CLI and boto3 read the one, other SDKs the other.
  say(
    `  export AWS_ENDPOINT_URL=${stack.sandbox.endpointUrl} AWS_DEFAULT_REGION=${region} AWS_REGION=${region} AWS_ACCESS_KEY_ID=${operatorKey} AWS_SECRET_ACCESS_KEY=sandbox`,
  );
  const runbook = stack.sandbox.machines
    .executions()
    .find(({ machineArn }) => machineArn.includes('handsoff-runbook-'));
  if (runbook) say(`  npx handsoff record ${runbook.arn} --out .build/recorded`);
  say();
  say(paint('dim', 'Ctrl-C ends it.'));
  const pacing = server.serve(stack, listensTo);
  try {
    await Promise.race([stop, pacing]);
    say();
    say('Stopped.');
  } finally {
    await server.close();
  }
  await pacing;
}

/** Resolves at the first Ctrl-C or TERM; a second one ends the process at once. */
function stopOnSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

async function timed<T>(say: (line?: string) => void, what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const isWaiting = process.stdout.isTTY;
  if (isWaiting) process.stdout.write(paint('dim', `  … ${what}`));
  const result = await work();
  if (isWaiting) process.stdout.write('\r\u001B[K');
  say(`  ${paint('green', '✓')} ${what.padEnd(48)} ${paint('dim', showDuration(performance.now() - began))}`);
  return result;
}
