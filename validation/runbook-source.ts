import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runbookManifest, type RunbookManifest } from '../infra/config/schemas.ts';
import { isObject } from '../sandbox/states/json.ts';
import { listStates, readScope, type ScopeSite, type StateSite } from '../sandbox/states/rules/site.ts';
import {
  type AutomationContent,
  automationSchema,
  type CommandContent,
  commandSchema,
} from '../sandbox/ssm/document-schema.ts';
import { type Problem, SourceFile } from '../infra/config/source-file.ts';
import { type Rehearsal, RehearsalFileError, readRehearsal } from '../rehearsal/rehearsal-file.ts';

interface DocumentSource {
  /** The file's name before `.automation.yaml` or `.command.yaml`. */
  readonly name: string;
  /** What it is called in the account. */
  readonly fullName: string;
  readonly source: SourceFile;
}
export interface AutomationSource extends DocumentSource {
  /** Undefined when it has not the form of an Automation document. */
  readonly content: AutomationContent | undefined;
}
export interface CommandSource extends DocumentSource {
  /** Undefined when it has not the form of a Command document. */
  readonly content: CommandContent | undefined;
}

export interface RehearsalSource {
  readonly source: SourceFile;
  /** Undefined when it cannot be read, for the problems beside it. */
  readonly rehearsal: Rehearsal | undefined;
  readonly problems: readonly Problem[];
}

/** A runbook's folder as it is written, whether right or wrong: what rules look at. */
export interface RunbookSource {
  /** The folder's name. */
  readonly id: string;
  readonly directory: string;
  /** The folder relative to the project. */
  readonly shownAs: string;
  readonly manifest: SourceFile | undefined;
  /** Undefined when the manifest does not fit its schema. */
  readonly settings: RunbookManifest | undefined;
  readonly definition: SourceFile | undefined;
  /** Undefined when the definition is no JSON object. */
  readonly machine: ScopeSite | undefined;
  /** Every state, those of branches too. */
  readonly states: readonly StateSite[];
  readonly automations: readonly AutomationSource[];
  readonly commands: readonly CommandSource[];
  readonly readme: string | undefined;
  readonly rehearsals: readonly RehearsalSource[];
}

/** Where the folders of runbooks are. */
export const runbooksFolder = 'statemachines/runbooks';

/** Names of the folders of runbooks in a project. */
export function listRunbooks(projectRoot: string): string[] {
  return readdirSync(join(projectRoot, runbooksFolder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** Reads a runbook's folder. What is missing or broken there is undefined, and a rule's business. */
export function readRunbookSource(projectRoot: string, id: string): RunbookSource {
  const shownAs = `${runbooksFolder}/${id}`;
  const directory = join(projectRoot, shownAs);
  const read = (name: string) => SourceFile.read(join(directory, name), `${shownAs}/${name}`);
  const manifest = read('runbook.yaml');
  const definition = read('definition.asl.json');
  const machine = isObject(definition?.value) ? readScope(definition.value) : undefined;
  const documents = (kind: string) =>
    filesIn(directory, `.${kind}.yaml`).map((file) => {
      const name = file.slice(0, -`.${kind}.yaml`.length);
      const suffix = kind === 'command' ? '-command' : '';
      const source = readOr(join(directory, file), `${shownAs}/${file}`);
      return { name, fullName: `handsoff-${id}-${name}${suffix}`, source };
    });
  return {
    id,
    directory,
    shownAs,
    manifest,
    settings: runbookManifest.safeParse(manifest?.value).data,
    definition,
    machine,
    states: machine ? listStates(machine) : [],
    automations: documents('automation').map((document) => ({
      ...document,
      content: automationSchema.safeParse(document.source.value).data,
    })),
    commands: documents('command').map((document) => ({
      ...document,
      content: commandSchema.safeParse(document.source.value).data,
    })),
    readme: read('README.md')?.text,
    rehearsals: filesIn(join(directory, 'rehearsals'), '.yaml').map((file) =>
      readRehearsalSource(join(directory, 'rehearsals', file), `${shownAs}/rehearsals/${file}`),
    ),
  };
}

/** Every rehearsal of a folder. Throws a `RehearsalFileError` where one cannot be read. */
export function rehearsalsOf({ rehearsals }: RunbookSource): readonly Rehearsal[] {
  const problems = rehearsals.flatMap((one) => one.problems);
  if (problems.length > 0) throw new RehearsalFileError(problems);
  return rehearsals.flatMap(({ rehearsal }) => rehearsal ?? []);
}

function readRehearsalSource(file: string, shownAs: string): RehearsalSource {
  const source = readOr(file, shownAs);
  try {
    return { source, rehearsal: readRehearsal(file, shownAs, source), problems: [] };
  } catch (error) {
    if (!(error instanceof RehearsalFileError)) throw error;
    return { source, rehearsal: undefined, problems: error.problems };
  }
}

/** What a name leads to, or nothing where it leads nowhere, as a broken link does. */
function readOr(file: string, shownAs: string): SourceFile {
  return SourceFile.read(file, shownAs) ?? new SourceFile('', shownAs);
}

function filesIn(directory: string, ending: string): string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(ending))
    .toSorted();
}
