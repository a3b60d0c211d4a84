import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Problem, problemText, SourceFile } from '../infra/config/source-file.ts';
import { fitYaml, readYaml } from '../infra/config/yaml-file.ts';
import { isRecord } from '../sandbox/members.ts';
import type { WorldDescription } from '../sandbox/world/world.ts';
import { type Approver, type Expectation, type Fault, rehearsalSchema } from './rehearsal-schema.ts';

/** A recorded event, the world in which a runbook meets it, what breaks, and what is expected. */
export interface Rehearsal {
  /** The file's name without its ending. */
  readonly name: string;
  readonly title: string;
  /** The event as its sender made it. */
  readonly event: Readonly<Record<string, unknown>>;
  readonly people: { readonly approver: Approver };
  /** Whatever happens in it is said here, whichever file it came from. */
  readonly world: WorldDescription;
  readonly faults: readonly Fault[];
  /** Undefined where nobody has said yet what is expected. */
  readonly expect: Expectation | undefined;
  readonly file: string;
}

/** Raised for a rehearsal that cannot be read, with every problem of it. */
export class RehearsalFileError extends Error {
  override readonly name = 'RehearsalFileError' as const;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads a rehearsal of a runbook. Throws a `RehearsalFileError` with every problem and its place for one that cannot be
 * read. `shownAs` is what errors call the file; `source` is given where somebody has read it already.
 */
export function readRehearsal(file: string, shownAs = file, source?: SourceFile): Rehearsal {
  const { value, problems, at } = source ? fitYaml(source, rehearsalSchema) : readYaml(file, rehearsalSchema, shownAs);
  if (!value) throw new RehearsalFileError(problems);
  const { event: eventFile, ...rest } = value;
  const read = (name: string) => readEvent(join(dirname(file), name), join(dirname(shownAs), name));
  const event = read(eventFile);
  if (typeof event === 'string') throw new RehearsalFileError([at(['event'], `event: ${eventFile} ${event}`)]);
  const unread: Problem[] = [];
  const happenings = value.world.happenings.map(({ eventFile: name, ...happening }, index) => {
    const happened = name === undefined ? happening.event : read(name);
    const path = ['world', 'happenings', index, 'eventFile'];
    if (typeof happened !== 'string') return { ...happening, event: happened as typeof happening.event };
    unread.push(at(path, `${path.join('.')}: ${name} ${happened}`));
    return happening;
  });
  if (unread.length > 0) throw new RehearsalFileError(unread);
  const world = { ...value.world, happenings };
  return { ...rest, world, expect: value.expect, name: basename(file, '.yaml'), event, file };
}

/** The files of a runbook's rehearsals, by name. */
export function rehearsalFiles(runbookDirectory: string): string[] {
  const directory = join(runbookDirectory, 'rehearsals');
  return readNames(directory)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => join(directory, name));
}

/** Where several worlds answer the same call, the first does. This one is of the alarm that newcomers are told to send. */
const first = 'disk-space-low';

/** The worlds of every runbook's rehearsals in one, so that an alarm of any of them finds what it is about. */
export function everyWorld(projectRoot: string): WorldDescription {
  const runbooks = join(projectRoot, 'statemachines/runbooks');
  const rehearsals = readNames(runbooks)
    .toSorted((a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1))
    .flatMap((id) => goodEndsFirst(rehearsalFiles(join(runbooks, id)).map((file) => readRehearsal(file))));
  const worlds = rehearsals.map(({ world }) => world);
  return {
    answers: worlds.flatMap(({ answers }) => answers),
    commands: worlds.flatMap(({ commands }) => commands),
    scripts: worlds.flatMap(({ scripts }) => scripts),
    jobs: worlds.flatMap(({ jobs }) => jobs),
    happenings: worlds.flatMap(({ happenings }) => happenings),
    resources: worlds.flatMap(({ resources }) => resources),
  };
}

/** The first description of a thing counts: it is to be one in which its runbook repairs. */
function goodEndsFirst(rehearsals: readonly Rehearsal[]): Rehearsal[] {
  const isGood = ({ expect }: Rehearsal) => expect?.outcome === 'recovered' || expect?.outcome === 'contained';
  return rehearsals.toSorted((a, b) => Number(isGood(b)) - Number(isGood(a)));
}

/** The event in a file, or what is wrong with the name of the file. Throws a `RehearsalFileError` for what is no JSON. */
function readEvent(file: string, shownAs: string): Readonly<Record<string, unknown>> | string {
  const source = SourceFile.read(file, shownAs, true);
  if (!source) return 'is not there; put the event beside it.';
  if (source.syntaxProblems.length > 0) throw new RehearsalFileError(source.syntaxProblems);
  if (isEvent(source.value)) return { ...source.value };
  return 'does not hold one event: an object with source, detail-type and an object as its detail.';
}

function isEvent(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return false;
  const { source, detail, 'detail-type': type } = value;
  return typeof source === 'string' && typeof type === 'string' && typeof detail === 'object' && detail !== null;
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
