import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployedConfig } from '../../functions/domain/deployed-config.ts';
import type { RunbookFolder } from './load-config.ts';

/** The ids that `config/` comes with, so that the stack can be seen and tested before anything is filled in. */
const placeholders = {
  channel: 'C0INCIDENTS',
  people: /^U0HANDSOFF\d+$/,
  rundeckHost: 'rundeck.example.com',
  repositoryOwner: '"example-org"',
};

/** The UUID that an example has. */
const placeholderJob = '00000000-0000-4000-8000-000000000001';

/** What is still as it came and would leave somebody untold, as sentences that say what to do. */
export function placeholdersIn({ channels, groups, rundeck }: DeployedConfig): string[] {
  const untold = Object.entries(channels).filter(([, { slack }]) => slack === placeholders.channel);
  const nobody = Object.entries(groups).filter(([, people]) =>
    people.some(({ slack }) => placeholders.people.test(slack)),
  );
  const jobs = rundeck?.jobs.filter(({ job }) => job === placeholderJob) ?? [];
  const isNowhere = rundeck !== undefined && new URL(rundeck.url).host === placeholders.rundeckHost;
  return [
    ...untold.map(
      ([name]) =>
        `config/channels.yaml: the channel ${name} is the placeholder ${placeholders.channel}, which no Slack has. Name your own, or leave slack out to tell people by SNS alone; a runbook in approve then asks nobody, and calls a person.`,
    ),
    ...nobody.map(
      ([name]) =>
        `config/oncall.yaml: the group ${name} has placeholders in it. Until you name your own people, nobody can approve anything.`,
    ),
    ...(isNowhere
      ? [
          `config/executors.yaml: ${placeholders.rundeckHost} is no Rundeck. Name your own, or take rundeck out, and the runbook rundeck-job with it.`,
        ]
      : []),
    ...jobs.map(
      ({ id }) =>
        `config/executors.yaml: the job ${id} has the placeholder ${placeholderJob}. Name your own, as its page in Rundeck shows it.`,
    ),
  ];
}

/** Documents of runbooks that still fetch from the repository of an example, as sentences that say what to do. */
export function placeholderDocuments(runbooks: readonly RunbookFolder[]): string[] {
  return runbooks.flatMap(({ manifest: { id }, directory }) =>
    readdirSync(directory)
      .filter((file) => file.endsWith('.automation.yaml'))
      .filter((file) => readFileSync(join(directory, file), 'utf8').includes(placeholders.repositoryOwner))
      .map(
        (file) =>
          `statemachines/runbooks/${id}/${file}: ${placeholders.repositoryOwner} owns no playbook. Name your own repository and commit, and rehearse the runbook.`,
      ),
  );
}
