import { compilePattern } from '../../event-pattern/pattern.ts';
import { cloudwatchDetailTypes } from '../../functions/adapters/intake/cloudwatch.ts';
import { ownSourcePrefix } from '../../functions/domain/own-events.ts';
import type { LoadedConfig } from '../../infra/config/load-config.ts';
import { awsEventKinds } from '../../infra/event-patterns.ts';
import { isRecord, readText } from '../../sandbox/members.ts';

const kinds = awsEventKinds.map(({ name, pattern: { detailType, ...pattern } }) => ({
  name,
  pattern: compilePattern({ ...pattern, 'detail-type': detailType }),
}));

/**
 * Why no rule takes an event as an alert that arrives on the bus of its sender, or on any of ours; undefined where one does.
 * An event without a detail-type comes another way than by a rule.
 */
export function whyUnheard(
  event: unknown,
  listensTo: LoadedConfig['listensTo'],
  on: 'its bus' | 'any bus' = 'its bus',
): string | undefined {
  if (!isRecord(event) || typeof event['detail-type'] !== 'string') return undefined;
  const source = readText(event['source']);
  if (source.startsWith(ownSourcePrefix) || source === 'aws.events') return undefined;
  if (source.startsWith('aws.partner/'))
    return listensTo.partner_buses.includes(source)
      ? undefined
      : `partner_buses of config/sources.yaml does not name ${source}`;
  if (cloudwatchDetailTypes.some((type) => type === event['detail-type'])) return whyUnheardAlarm(event, source, on);
  const kind = kinds.find(({ pattern }) => pattern.matches(event));
  if (!kind) return `there is none for ${event['detail-type']} of ${source || 'no source'} as it stands here`;
  return listensTo.aws_events.includes(kind.name)
    ? undefined
    : `aws_events of config/sources.yaml does not list ${kind.name}`;
}

function whyUnheardAlarm(
  { detail }: Readonly<Record<string, unknown>>,
  source: string,
  on: 'its bus' | 'any bus',
): string | undefined {
  if (String(Reflect.get(Object(detail), 'alarmName')).startsWith('handsoff-'))
    return "an alarm of Handsoff's own tells people by itself";
  return source === 'aws.cloudwatch' || on === 'any bus'
    ? undefined
    : `an alarm of ${source || 'no source'} is heard on the bus handsoff alone`;
}
