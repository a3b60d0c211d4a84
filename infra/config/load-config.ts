import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedConfig } from '../../functions/domain/deployed-config.ts';
import { channelsFile, oncallFile, runbookManifest, type RunbookManifest, servicesFile } from './schemas.ts';
import { type Problem, readYaml } from './yaml-file.ts';

/** One runbook folder, checked. */
export interface RunbookFolder {
  readonly directory: string;
  readonly manifest: RunbookManifest;
}

/** All that the app is made from. */
export interface LoadedConfig {
  /** `default` stands last: it matches whatever is left. */
  readonly runbooks: readonly RunbookFolder[];
  readonly deployed: DeployedConfig;
}

/** Raised with every problem of every file at once, each as `file:line:column: what`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      `The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Reads `config/*.yaml` and every runbook's manifest below a project. Throws a `ConfigError`. */
export function loadConfig(projectRoot: string): LoadedConfig {
  const problems: Problem[] = [];
  const services = readYaml(join(projectRoot, 'config/services.yaml'), servicesFile, 'config/services.yaml');
  const oncall = readYaml(join(projectRoot, 'config/oncall.yaml'), oncallFile, 'config/oncall.yaml');
  const channels = readYaml(join(projectRoot, 'config/channels.yaml'), channelsFile, 'config/channels.yaml');
  problems.push(...services.problems, ...oncall.problems, ...channels.problems);
  const channelNames = Object.keys(channels.value?.channels ?? {});
  for (const [index, service] of services.value?.services.entries() ?? []) {
    const isLast = index === (services.value?.services.length ?? 0) - 1;
    if (channels.value && !channelNames.includes(service.channel)) {
      problems.push(
        services.at(['services', index, 'channel'], `there is no channel ${service.channel} in config/channels.yaml.`),
      );
    }
    if (isLast === (service.match !== undefined)) {
      const message = isLast
        ? 'the last service must have no match: it owns what is left.'
        : 'a service without match owns everything; move it to the end.';
      problems.push(services.at(['services', index], message));
    }
  }
  const runbooks = readRunbooks(projectRoot, oncall.value?.groups, problems);
  if (problems.length > 0 || !services.value || !oncall.value || !channels.value) throw new ConfigError(problems);
  return {
    runbooks,
    deployed: {
      services: services.value.services.map(({ escalation, ...service }) => ({
        ...service,
        escalation: {
          patience_seconds: escalation.patience,
          repeat_seconds: escalation.repeat,
          times: escalation.times,
        },
      })),
      routes: runbooks.map(({ manifest: { id, title, mode, how, match } }) => ({ id, title, mode, how, match })),
      channels: channels.value.channels,
      groups: oncall.value.groups,
    },
  };
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
  const ordered = [...names.filter((name) => name !== 'default').sort(), ...names.filter((name) => name === 'default')];
  return ordered.flatMap((name) => {
    const directory = join(root, name);
    const shownAs = `statemachines/runbooks/${name}/runbook.yaml`;
    const { value, problems: found, at } = readYaml(join(directory, 'runbook.yaml'), runbookManifest, shownAs);
    problems.push(...found);
    if (!value) return [];
    problems.push(...checkFolder(name, directory, value, groups, at));
    return [{ directory, manifest: value }];
  });
}

function checkFolder(
  name: string,
  directory: string,
  manifest: RunbookManifest,
  groups: Readonly<Record<string, unknown>> | undefined,
  at: (path: readonly PropertyKey[], message: string) => Problem,
): Problem[] {
  const problems: Problem[] = [];
  const needFile = (file: string, path: readonly PropertyKey[]) => {
    if (!existsSync(join(directory, file))) problems.push(at(path, `there is no ${file} in this folder.`));
  };
  if (manifest.id !== name) problems.push(at(['id'], `is ${manifest.id}, but the folder is called ${name}.`));
  needFile('definition.asl.json', []);
  for (const [index, command] of manifest.commands.entries()) needFile(`${command}.command.yaml`, ['commands', index]);
  const { remediation, approval } = manifest;
  for (const part of ['document', 'undo'] as const) {
    const document = remediation?.[part];
    if (document && !document.startsWith('AWS-')) needFile(`${document}.automation.yaml`, ['remediation', part]);
  }
  if (approval && groups && !Object.hasOwn(groups, approval.approvers)) {
    problems.push(at(['approval', 'approvers'], `there is no group ${approval.approvers} in config/oncall.yaml.`));
  }
  return problems;
}
