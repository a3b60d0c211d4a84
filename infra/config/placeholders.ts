import type { DeployedConfig } from '../../functions/domain/deployed-config.ts';

/** The ids that `config/` comes with, so that the stack can be seen and tested before anything is filled in. */
const placeholders = { channel: 'C0INCIDENTS', people: /^U0HANDSOFF\d+$/ };

/** What is still as it came and would leave somebody untold, as sentences that say what to do. */
export function placeholdersIn({ channels, groups }: DeployedConfig): string[] {
  const untold = Object.entries(channels).filter(([, { slack }]) => slack === placeholders.channel);
  const nobody = Object.entries(groups).filter(([, people]) =>
    people.some(({ slack }) => placeholders.people.test(slack)),
  );
  return [
    ...untold.map(
      ([name]) =>
        `config/channels.yaml: the channel ${name} is the placeholder ${placeholders.channel}, which no Slack has. Name your own, or leave slack out to tell people by SNS alone.`,
    ),
    ...nobody.map(
      ([name]) =>
        `config/oncall.yaml: the group ${name} has placeholders in it. Until you name your own people, nobody can approve anything.`,
    ),
  ];
}
