import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { DeployedConfig, RunbookRoute, TriageRules } from '../../functions/domain/deployed-config.ts';
import { checkMutations } from '../automation/check-mutations.ts';
import type { MaintenanceWindow } from '../../functions/domain/hours.ts';
import { documentFiles } from '../folder-documents.ts';
import { checkDocumentNames } from './check-document-names.ts';
import { executorsFile } from './executors-schema.ts';
import { channelsFile, oncallFile, runbookManifest, type RunbookManifest, servicesFile } from './schemas.ts';
import { integrationsFrom, sourcesFile } from './sources-schema.ts';
import { changeCalendarFile, maintenanceFile, triageFile } from './triage-schemas.ts';
import { type Path, type Problem, problemText, SourceFile } from './source-file.ts';
import { type ReadYaml, readYaml, syntaxProblemsOf } from './yaml-file.ts';

const definitionFile = 'definition.asl.json';

/** One runbook folder, checked. */
export interface RunbookFolder {
  readonly directory: string;
  readonly manifest: RunbookManifest;
  /** A problem where a path of the manifest stands. */
  readonly at: (path: Path, message: string) => Problem;
}

/** All that the app is made from. */
export interface LoadedConfig {
  /** `default` stands last: it matches whatever is left. */
  readonly runbooks: readonly RunbookFolder[];
  readonly deployed: DeployedConfig;
  /** What is listened to on the buses of AWS beside CloudWatch's alarms. */
  readonly listensTo: Pick<z.output<typeof sourcesFile>, 'aws_events' | 'partner_buses'>;
}

/** Raised with every problem of every file at once, each as `file:line:column: what`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      `The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${problems.map((problem) => `  ${problemText(problem)}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Reads `config/*.yaml` and every runbook's manifest below a project. Throws a `ConfigError`. */
export function loadConfig(projectRoot: string): LoadedConfig {
  const read = <Schema extends z.ZodType>(file: string, schema: Schema) =>
    readYaml(join(projectRoot, file), schema, file);
  const services = read('config/services.yaml', servicesFile);
  const oncall = read('config/oncall.yaml', oncallFile);
  const channels = read('config/channels.yaml', channelsFile);
  const triage = read('config/triage.yaml', triageFile);
  const maintenance = read('config/maintenance.yaml', maintenanceFile);
  const changes = read('config/change-calendar.yaml', changeCalendarFile);
  const sources = read('config/sources.yaml', sourcesFile);
  const executors = read('config/executors.yaml', executorsFile);
  const files = [services, oncall, channels, triage, maintenance, changes, sources, executors];
  const problems = [...files.flatMap((file) => file.problems), ...checkServices(services, channels.value)];
  const runbooks = readRunbooks(projectRoot, oncall.value?.groups, problems);
  problems.push(...checkDocumentNames(runbooks), ...checkMachines(projectRoot));
  const isRead =
    services.value &&
    oncall.value &&
    channels.value &&
    triage.value &&
    maintenance.value &&
    changes.value &&
    sources.value &&
    executors.value;
  if (problems.length > 0 || !isRead) throw new ConfigError(problems);
  return {
    runbooks,
    listensTo: sources.value,
    deployed: {
      services: services.value.services.map(deployedService),
      routes: routesOf(runbooks),
      triage: triageRulesOf(triage.value, maintenance.value),
      changes: { ...changes.value, freezes: windowsOf(changes.value.freezes) },
      aws_events: sources.value.aws_events,
      integrations: integrationsFrom(sources.value),
      certificates: {},
      documents: [],
      ...(executors.value.rundeck && { rundeck: executors.value.rundeck }),
      channels: channels.value.channels,
      groups: oncall.value.groups,
    },
  };
}

type ServicesFile = z.output<typeof servicesFile>;

function checkServices(
  { value, at }: ReadYaml<ServicesFile>,
  channels: z.output<typeof channelsFile> | undefined,
): Problem[] {
  const services = value?.services ?? [];
  return services.flatMap(({ channel, match }, index) => {
    const problems: Problem[] = [];
    if (channels && !Object.hasOwn(channels.channels, channel))
      problems.push(at(['services', index, 'channel'], `there is no channel ${channel} in config/channels.yaml.`));
    const isLast = index === services.length - 1;
    if (isLast && match !== undefined)
      problems.push(at(['services', index], 'the last service must have no match: it owns what is left.'));
    if (!isLast && match === undefined)
      problems.push(at(['services', index], 'a service without match owns everything; move it to the end.'));
    return problems;
  });
}

function deployedService({ escalation, support_hours, ...service }: ServicesFile['services'][number]) {
  const { patience, repeat, times } = escalation;
  return {
    ...service,
    ...(support_hours && { support_hours }),
    escalation: { patience_seconds: patience, repeat_seconds: repeat, times },
  };
}

/** The most specific first: what names more of the alert is the better match. `default` names nothing and is last. */
function routesOf(runbooks: readonly RunbookFolder[]): RunbookRoute[] {
  const routes = runbooks.map(({ manifest: { id, title, mode, how, match } }) => ({ id, title, mode, how, match }));
  return routes.toSorted((a, b) => conditionsIn(b.match) - conditionsIn(a.match) || (a.id < b.id ? -1 : 1));
}

/** How many fields a pattern asks about. */
function conditionsIn(pattern: unknown): number {
  if (typeof pattern !== 'object' || pattern === null) return 0;
  if (Array.isArray(pattern)) return 1;
  return Object.values(pattern).reduce((sum: number, value) => sum + conditionsIn(value), 0);
}

function triageRulesOf(
  { settle, flap, storm, pause, groups }: z.output<typeof triageFile>,
  { windows }: z.output<typeof maintenanceFile>,
): TriageRules {
  return {
    settle_seconds: settle,
    flap: { triggers: flap.triggers, within_seconds: flap.within, settle_seconds: flap.settle },
    storm,
    pause: pause.map(({ id, match, for: seconds }) => ({ id, match, seconds })),
    groups: groups.map(({ id, match, by, window }) => ({ id, match, by, window_seconds: window })),
    maintenance: windowsOf(windows),
  };
}

function windowsOf(windows: z.output<typeof maintenanceFile>['windows']): MaintenanceWindow[] {
  return windows.map(({ id, match, once, weekly }) => ({
    id,
    match,
    ...(once && { once }),
    ...(weekly && { weekly }),
  }));
}

function readRunbooks(
  projectRoot: string,
  groups: Readonly<Record<string, unknown>> | undefined,
  problems: Problem[],
): RunbookFolder[] {
  const root = join(projectRoot, 'statemachines/runbooks');
  const names = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  if (!names.includes('default'))
    problems.push(
      new SourceFile('', 'statemachines/runbooks').at(
        [],
        'there is no folder default, the runbook of every alert that no other matches.',
      ),
    );
  const ordered = [...names.filter((name) => name !== 'default').sort(), ...names.filter((name) => name === 'default')];
  return ordered.flatMap((name) => {
    const directory = join(root, name);
    const shownAs = `statemachines/runbooks/${name}/runbook.yaml`;
    const { value, problems: found, at } = readYaml(join(directory, 'runbook.yaml'), runbookManifest, shownAs);
    problems.push(
      ...found,
      ...syntaxProblemsOf(join(directory, definitionFile), `statemachines/runbooks/${name}/${definitionFile}`),
    );
    if (!value) return [];
    const ofFolder = checkFolder(name, directory, value, groups, at);
    // What is missing or misnamed would be reported once more for everything that names it.
    problems.push(...(ofFolder.length > 0 ? ofFolder : checkMutations({ directory, manifest: value, at })));
    return [{ directory, manifest: value, at }];
  });
}

/** The machines of the lifecycle, as far as they are there: rules alone can be read without them. */
function checkMachines(projectRoot: string): Problem[] {
  const folder = 'statemachines';
  const files = readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith('.asl.json'));
  return files.toSorted().flatMap((name) => syntaxProblemsOf(join(projectRoot, folder, name), `${folder}/${name}`));
}

function checkFolder(
  name: string,
  directory: string,
  manifest: RunbookManifest,
  groups: Readonly<Record<string, unknown>> | undefined,
  at: RunbookFolder['at'],
): Problem[] {
  const problems = documentFiles(directory).flatMap(({ file }) =>
    syntaxProblemsOf(join(directory, file), `statemachines/runbooks/${name}/${file}`),
  );
  const needFile = (file: string, path: Path) => {
    if (!statSync(join(directory, file), { throwIfNoEntry: false })?.isFile())
      problems.push(at(path, `there is no ${file} in this folder.`));
  };
  if (manifest.id !== name) problems.push(at(['id'], `is ${manifest.id}, but the folder is called ${name}.`));
  needFile(definitionFile, []);
  for (const [index, command] of manifest.commands.entries()) needFile(`${command}.command.yaml`, ['commands', index]);
  const { remediation, approval } = manifest;
  if (remediation && !remediation.document.startsWith('AWS-'))
    needFile(`${remediation.document}.automation.yaml`, ['remediation', 'document']);
  if (remediation?.undo) needFile(`${remediation.undo}.automation.yaml`, ['remediation', 'undo']);
  if (approval && groups && !Object.hasOwn(groups, approval.approvers)) {
    problems.push(at(['approval', 'approvers'], `there is no group ${approval.approvers} in config/oncall.yaml.`));
  }
  return problems;
}
