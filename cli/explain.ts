import { Command } from 'commander';
import { paint } from './paint.ts';
import { readJsonFile } from './read-json-file.ts';
import type { Explanation } from './triage/explain-event.ts';

interface Options {
  readonly json?: true;
  readonly at?: string;
}

/** `handsoff explain`: why an event does what it does. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Walk an event through triage and routing, and say what each step decides and why.')
    .argument('<file>', 'the event as EventBridge delivers it, a JSON file, or - for standard input')
    .option('--at <time>', 'when it arrives, ISO 8601, for maintenance and support hours (default: its own time)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 it was explained, 1 the event cannot be read, 2 the file or the configuration cannot.' +
        '\n\nExamples:\n  npx handsoff explain test/fixtures/events/cloudwatch/disk-space-low-alarm.json\n  npx handsoff explain event.json --at 2026-11-02T03:00:00Z --json',
    )
    .action(async (file: string, options: Options) => {
      const { explainEvent } = await import('./triage/explain-event.ts');
      const explanation = explainEvent(readJsonFile(file), options.at);
      if (options.json) console.log(JSON.stringify(explanation, null, 2));
      else for (const line of show(explanation)) console.log(line);
      process.exitCode = explanation.kind === 'poison' ? 1 : 0;
    });
}

function show({
  kind,
  errors = [],
  unheard,
  reason,
  alert,
  stages = [],
  service,
  priority,
  group,
  runbooks = [],
}: Explanation): string[] {
  if (kind === 'poison')
    return [
      ...(unheard === undefined ? [] : [lineOf(unheard)]),
      paint('red', unheard === undefined ? 'It cannot be read, and goes to quarantine:' : 'Nor could it be read:'),
      ...errors.map(({ path, message }) => `  ${path} ${message}`),
    ];
  if (kind !== 'alert') return [`It is no alert: ${reason ?? kind}.`];
  const { payload, dedup_key, resource } = alert as {
    payload: { summary: string; severity: string };
    dedup_key: string;
    resource: { type: string; id: string };
  };
  const chosen = runbooks.find(({ matches }) => matches)?.id ?? 'none';
  return [
    ...(unheard === undefined ? [] : [lineOf(unheard), '']),
    paint('bold', 'Alert'),
    `  ${payload.summary}`,
    `  severity ${payload.severity} · ${resource.type} ${resource.id} · ${dedup_key.slice(0, 20)}…`,
    '',
    paint('bold', 'Triage') + paint('dim', ', as the first event of its cause'),
    ...stages.map(
      ({ stage, says }) => `  ${stage.padEnd(12)} ${says === 'passes' ? paint('dim', says) : paint('green', says)}`,
    ),
    '',
    paint('bold', 'Route'),
    `  service ${service}, priority ${priority}, runbook ${chosen}${group ? `, group ${group.slice(0, 20)}…` : ''}`,
    '',
    paint('bold', 'Runbooks') + paint('dim', ', in the order in which they are asked'),
    ...runbooks.flatMap(({ id, matches, because }) => [
      `  ${matches ? paint('green', '✓') : paint('dim', '·')} ${id}`,
      ...because.map(({ path, wanted, found }) =>
        path.endsWith('$or')
          ? `      none of its alternatives holds: ${JSON.stringify(wanted)}`
          : `      ${path} is ${found === undefined ? 'not there' : JSON.stringify(found)}; wanted ${JSON.stringify(wanted)}`,
      ),
    ]),
  ];
}

function lineOf(unheard: string): string {
  return paint('red', `No rule takes it as an alert, so none comes of it: ${unheard}.`);
}
