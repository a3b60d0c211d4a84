import { Command } from 'commander';
import type { FieldError } from '../functions/domain/normalised.ts';
import type { Mismatch } from './triage/why-not.ts';
import { isNoEvent, noEvent } from './no-event.ts';
import { paint } from './paint.ts';
import { projectRoot } from './project-root.ts';
import { readJsonFile } from './read-json-file.ts';

/** What is said of one event. */
export interface Explanation {
  readonly kind: 'alert' | 'noise' | 'change' | 'poison';
  /** Why no rule takes it as an alert; undefined where one does. */
  readonly unheard?: string | undefined;
  readonly errors?: readonly FieldError[];
  readonly reason?: string;
  readonly alert?: unknown;
  /** What each stage of triage says to it as the first event of its cause; the first that decides is the last. */
  readonly stages?: readonly { readonly stage: string; readonly says: string }[];
  readonly service?: string;
  readonly priority?: string;
  readonly group?: string | undefined;
  /** In the order in which they are asked; the first that matches is the one. */
  readonly runbooks?: readonly {
    readonly id: string;
    readonly matches: boolean;
    readonly because: readonly Mismatch[];
  }[];
}

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
      const explanation = await explain(readJsonFile(file), options.at);
      if (options.json) console.log(JSON.stringify(explanation, null, 2));
      else for (const line of show(explanation)) console.log(line);
      process.exitCode = explanation.kind === 'poison' ? 1 : 0;
    });
}

/** Explains an event under the configuration of this checkout. */
export async function explain(event: unknown, at?: string): Promise<Explanation> {
  const [
    { loadConfig },
    { normaliseEvent },
    { triageStages },
    { routeAlert },
    { groupOf },
    { openIncident },
    { waitsUntil },
    { whyNot },
    { whyUnheard },
  ] = await Promise.all([
    import('../infra/config/load-config.ts'),
    import('../functions/adapters/intake/normalise-event.ts'),
    import('../functions/domain/triage/triage-alert.ts'),
    import('../functions/domain/triage/route-alert.ts'),
    import('../functions/domain/triage/group-of.ts'),
    import('../functions/domain/triage/open-incident.ts'),
    import('../functions/domain/support-hours.ts'),
    import('./triage/why-not.ts'),
    import('./triage/why-unheard.ts'),
  ]);
  const { deployed: config, listensTo } = loadConfig(projectRoot);
  const now = new Date(at ?? timeOf(event));
  if (Number.isNaN(now.getTime())) throw new Error(`${at} is not a time; write one such as 2026-11-02T03:00:00Z.`);
  const normalised = normaliseEvent(event, now, config);
  const unheard = whyUnheard(event, listensTo);
  if (normalised.kind === 'poison') {
    // An alarm that CloudWatch hands to a function has no detail-type either, and says what else is wrong with it.
    const isToolsOwn = isNoEvent(event) && normalised.errors[0]?.path === noEvent.path;
    return { kind: 'poison', errors: isToolsOwn ? [noEvent] : normalised.errors, unheard };
  }
  if (normalised.kind !== 'alert') {
    return { kind: normalised.kind, ...(normalised.kind === 'noise' && { reason: normalised.reason }) };
  }
  const { alert } = normalised;
  const context = { now, memory: undefined, incident: undefined };
  const stages: { stage: string; says: string }[] = [];
  for (const { name, decide } of triageStages) {
    const decision = decide(alert, context, config);
    const until = decision?.until ? ` until ${decision.until}` : '';
    stages.push({ stage: name, says: decision ? `${decision.decision} (${decision.reason})${until}` : 'passes' });
    if (decision) break;
  }
  const { service } = routeAlert(alert, config);
  const { incident } = openIncident(alert, config, now);
  const waits = waitsUntil(incident, now);
  return {
    kind: 'alert',
    unheard,
    alert,
    stages,
    service: service.id,
    priority: `${incident.priority}${waits ? `, outside support hours: nobody is called before ${waits}` : ''}`,
    group: groupOf(alert, config)?.key,
    runbooks: config.routes.map(({ id, match }) => {
      const because = whyNot(match, alert);
      return { id, matches: because.length === 0, because };
    }),
  };
}

function timeOf(event: unknown): string {
  const time = typeof event === 'object' && event !== null && 'time' in event ? event.time : undefined;
  return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? time : new Date().toISOString();
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
