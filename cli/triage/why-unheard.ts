import { compilePattern } from '../../event-pattern/pattern.ts';
import { cloudwatchDetailTypes } from '../../functions/adapters/intake/cloudwatch.ts';
import { ownSourcePrefix } from '../../functions/domain/own-events.ts';
import type { LoadedConfig } from '../../infra/config/load-config.ts';
import { type AwsEventKind, awsEventKinds } from '../../infra/event-patterns.ts';
import { isRecord, readText } from '../../sandbox/members.ts';

/**
 * Why no rule takes an event as an alert that arrives on the bus of its sender; undefined where one does. An event without a
 * detail-type comes another way than by a rule.
 */
export function whyUnheard(event: unknown, listensTo: LoadedConfig['listensTo']): string | undefined {
  if (!isRecord(event) || typeof event['detail-type'] !== 'string') return undefined;
  const source = readText(event['source']);
  if (source.startsWith(ownSourcePrefix) || source === 'aws.events') return undefined;
  if (source.startsWith('aws.partner/'))
    return listensTo.partner_buses.includes(source)
      ? undefined
      : `partner_buses of config/sources.yaml does not name ${source}`;
  if (cloudwatchDetailTypes.some((type) => type === event['detail-type'])) return whyUnheardAlarm(event, source);
  const kind = awsEventKinds.find(({ pattern }) => compilePattern(asWritten(pattern)).matches(event));
  if (!kind) return `there is none for ${event['detail-type']} of ${source || 'no source'} as it stands here`;
  return listensTo.aws_events.includes(kind.name)
    ? undefined
    : `aws_events of config/sources.yaml does not list ${kind.name}`;
}

function whyUnheardAlarm({ detail }: Readonly<Record<string, unknown>>, source: string): string | undefined {
  if (String(Reflect.get(Object(detail), 'alarmName')).startsWith('handsoff-'))
    return "an alarm of Handsoff's own tells people by itself";
  return source === 'aws.cloudwatch'
    ? undefined
    : `an alarm of ${source || 'no source'} is heard on the bus handsoff alone`;
}

function asWritten({ detailType, ...pattern }: AwsEventKind['pattern']) {
  return { ...pattern, 'detail-type': detailType };
}
