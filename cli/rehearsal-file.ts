import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseWorld, type WorldDescription } from '../sandbox/world/world.ts';

/** A recorded event and the world in which a runbook meets it. */
export interface Rehearsal {
  readonly title: string;
  /** The event as its sender made it. */
  readonly event: Readonly<Record<string, unknown>>;
  readonly world: WorldDescription;
  /** The folder that files named in the world are relative to. */
  readonly directory: string;
}

const schema = z.strictObject({ title: z.string().min(1), event: z.string().min(1), world: z.unknown() });

/** Reads a rehearsal of a runbook. Throws with the file's name for one that cannot be read. */
export function readRehearsal(file: string): Rehearsal {
  const parsed = schema.safeParse(parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a rehearsal: ${z.prettifyError(parsed.error)}`);
  const { title, event, world } = parsed.data;
  const directory = dirname(file);
  return {
    title,
    event: JSON.parse(readFileSync(join(directory, event), 'utf8')),
    world: parseWorld(world),
    directory,
  };
}

/** The worlds of every runbook's rehearsals in one, so that an alarm of any of them finds what it is about. */
export function everyWorld(projectRoot: string): WorldDescription {
  const runbooks = join(projectRoot, 'statemachines/runbooks');
  const files = readdirSync(runbooks, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\/rehearsals\/[^/]+\.yaml$/.test(name))
    .toSorted();
  const worlds = files.map((name) => withWholePaths(readRehearsal(join(runbooks, name))));
  return {
    answers: worlds.flatMap(({ answers }) => answers),
    commands: worlds.flatMap(({ commands }) => commands),
    happenings: worlds.flatMap(({ happenings }) => happenings),
    resources: worlds.flatMap(({ resources }) => resources),
  };
}

function withWholePaths({ world, directory }: Rehearsal): WorldDescription {
  const happenings = world.happenings.map((happening) =>
    happening.eventFile === undefined ? happening : { ...happening, eventFile: join(directory, happening.eventFile) },
  );
  return { ...world, happenings };
}
