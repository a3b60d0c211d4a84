import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { valueAt } from '../functions/domain/fields.ts';
import type { SimulationResult } from './triage/triage-simulation.ts';
import { messageOf } from './message-of.ts';
import { paint } from './paint.ts';
import { projectRoot } from './project-root.ts';
import { nameOf } from './read-json-file.ts';
import { readTextFile } from './read-text-file.ts';

interface Options {
  readonly rules: string;
  readonly from: string;
  readonly json?: true;
}

/** What changed rules would have done to recorded events. */
export interface ReplayResult {
  readonly events: number;
  readonly now: Score;
  readonly changed: Score;
  /** Pages that the changed rules would have saved; negative when they page more. */
  readonly pages_saved: number;
  /** Incidents of today's rules whose cause would belong to no incident. */
  readonly missed: readonly { readonly id: string; readonly title: string; readonly opened_at: string }[];
}

interface Score {
  readonly incidents: number;
  readonly pages: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly poison: number;
}

/** `handsoff replay`: scores changed rules on what really happened. */
export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'Score changed triage rules on recorded events: pages saved, and incidents that would have been missed.',
    )
    .requiredOption(
      '--rules <dir>',
      'a checkout, or a folder with config/ and statemachines/runbooks/, that has the changed rules',
    )
    .requiredOption(
      '--from <file>',
      'recorded events, one JSON object a line, as EventBridge delivers them to a log group; or - for standard input',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing would have been missed, 1 something would, 2 the rules or the events cannot be read.' +
        '\n\nExample:\n  npx handsoff replay --rules ../changed --from events.jsonl',
    )
    .action(async (options: Options) => {
      const result = await replay(options.rules, options.from);
      if (options.json) console.log(JSON.stringify(result, null, 2));
      else for (const line of show(result)) console.log(line);
      process.exitCode = result.missed.length > 0 ? 1 : 0;
    });
}

/** Plays the events through today's rules and through the changed ones. */
export async function replay(rules: string, from: string): Promise<ReplayResult> {
  const [{ loadConfig }, { TriageSimulation }] = await Promise.all([
    import('../infra/config/load-config.ts'),
    import('./triage/triage-simulation.ts'),
  ]);
  checkRules(rules);
  const simulations = [projectRoot, rules].map((root) => new TriageSimulation(loadConfig(root)));
  const recorded = readEvents(from);
  if (recorded.length === 0)
    throw new Error(`${nameOf(from)} holds no event; name a file of events, one JSON object a line.`);
  let events = 0;
  for (const { event, at } of recorded) {
    events += 1;
    for (const simulation of simulations) await simulation.take(event, at);
  }
  const [now, changed] = (await Promise.all(simulations.map(async (simulation) => simulation.finish()))) as [
    SimulationResult,
    SimulationResult,
  ];
  const missed = now.incidents.filter(({ alert }) => !changed.covered.has(alert.incident_key));
  return {
    events,
    now: scoreOf(now),
    changed: scoreOf(changed),
    pages_saved: now.pages - changed.pages,
    missed: missed.map(({ id, title, opened_at }) => ({ id, title, opened_at })),
  };
}

function checkRules(rules: string): void {
  if (!['config', 'statemachines/runbooks'].every((part) => isFolder(join(rules, part))))
    throw new Error(
      `--rules ${rules} has no config/ and statemachines/runbooks/; name a checkout with the changed rules.`,
    );
  if (realpathSync(rules) === realpathSync(projectRoot))
    throw new Error(
      `--rules ${rules} is this checkout itself, and would be compared with itself. Run this where today's rules are, such as in \`git worktree add ../today main\`, and name the changed checkout.`,
    );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** In the order of their own times, as they came. */
function readEvents(file: string): { event: unknown; at: Date }[] {
  const events = readLines(file).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${nameOf(file)}:${index + 1}`;
    const event = parse(line, place);
    const time = Date.parse(String(valueAt(event, 'time')));
    if (Number.isNaN(time))
      throw new Error(`${place} has no time; each line is one event with a \`time\` in ISO 8601.`);
    return [{ event, at: new Date(time) }];
  });
  return events.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function readLines(file: string): string[] {
  if (isFolder(file)) throw new Error(`--from ${file} is a folder; name a file of events, one JSON object a line.`);
  try {
    return readTextFile(file).split(/\r?\n/);
  } catch (error) {
    throw new Error(
      `${nameOf(file)} could not be read (${messageOf(error)}); name a file of events, one JSON object a line.`,
      { cause: error },
    );
  }
}

function parse(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`${place} is not JSON (${messageOf(error)}); each line is one event.`, { cause: error });
  }
}

function scoreOf({ incidents, pages, reasons, poison }: SimulationResult): Score {
  return { incidents: incidents.length, pages, reasons, poison };
}

function show({ events, now, changed, pages_saved, missed }: ReplayResult): string[] {
  const row = (label: string, before: number, after: number) =>
    `  ${label.padEnd(22)}${String(before).padStart(8)}${String(after).padStart(10)}`;
  const reasons = [...new Set([...Object.keys(now.reasons), ...Object.keys(changed.reasons)])].sort();
  return [
    `${events} ${events === 1 ? 'event' : 'events'}`,
    paint('dim', `  ${''.padEnd(22)}${'now'.padStart(8)}${'changed'.padStart(10)}`),
    row('incidents', now.incidents, changed.incidents),
    row('pages', now.pages, changed.pages),
    row('cannot be read', now.poison, changed.poison),
    ...reasons.map((reason) => row(`· ${reason}`, now.reasons[reason] ?? 0, changed.reasons[reason] ?? 0)),
    '',
    `${Math.abs(pages_saved)} ${Math.abs(pages_saved) === 1 ? 'page' : 'pages'} ${pages_saved >= 0 ? 'saved' : 'more'}.`,
    ...(missed.length === 0
      ? [paint('green', 'No incident of today would have been missed.')]
      : [
          paint('red', `${missed.length} ${missed.length === 1 ? 'incident' : 'incidents'} would have been missed:`),
          ...missed.map(({ opened_at, id, title }) => `  ${opened_at} ${id} ${title}`),
        ]),
  ];
}
