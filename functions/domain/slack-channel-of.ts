import type { DeployedConfig } from './deployed-config.ts';

/** Id of the Slack channel in which a service's people are told; undefined where it has none. */
export function slackChannelOf(
  serviceId: string,
  { services, channels }: Pick<DeployedConfig, 'services' | 'channels'>,
): string | undefined {
  const name = services.find(({ id }) => id === serviceId)?.channel;
  return name && Object.hasOwn(channels, name) ? channels[name]?.slack : undefined;
}
