import { compilePattern } from '../../event-pattern/pattern.ts';
import { cloudwatchDetailTypes } from '../../functions/adapters/intake/cloudwatch.ts';
import { isReceived } from '../../functions/adapters/intake/received-alert.ts';
import { type Fields, isRecord, readOptional } from '../../functions/domain/fields.ts';
import { selfTest } from '../../functions/domain/self-test.ts';
import { releasedEvent } from '../../functions/domain/triage/released-event.ts';
import type { LoadedConfig } from '../../infra/config/load-config.ts';
import { alarmKinds, type AwsEventKind, awsEventKinds } from '../../infra/event-patterns.ts';

const kinds = awsEventKinds.map(compile);
const alarms = alarmKinds.map(compile);

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
  if (isOurs(event)) return undefined;
  const source = readOptional(event, 'source') ?? '';
  if (source.startsWith('aws.partner/'))
    return listensTo.partner_buses.includes(source)
      ? undefined
      : `partner_buses of config/sources.yaml does not name ${source}`;
  if (cloudwatchDetailTypes.some((type) => type === event['detail-type'])) return whyUnheardAlarm(event, source, on);
  const kind = kinds.find(({ pattern }) => pattern.matches(event));
  if (!kind) return noneFor(event);
  return listensTo.aws_events.includes(kind.name)
    ? undefined
    : `aws_events of config/sources.yaml does not list ${kind.name}`;
}

function whyUnheardAlarm(event: Fields, source: string, on: 'its bus' | 'any bus'): string | undefined {
  if (!alarms.some(({ pattern }) => pattern.matches(event)))
    return readOptional(event, 'detail.alarmName')?.startsWith('handsoff-')
      ? "an alarm of Handsoff's own tells people by itself"
      : noneFor(event);
  return source === 'aws.cloudwatch' || on === 'any bus'
    ? undefined
    : `an alarm of ${source || 'no source'} is heard on the bus handsoff alone`;
}

/** Whether a function or a schedule of Handsoff made it, which have rules of their own. */
function isOurs(event: Fields): boolean {
  const { source, 'detail-type': type, resources } = event;
  if (source === 'aws.events')
    return Array.isArray(resources) && String(resources[0]).endsWith(`:rule/${selfTest.rule}`);
  return isReceived(event) || (source === releasedEvent.source && type === releasedEvent.detailType);
}

function noneFor(event: Fields): string {
  return `there is none for ${String(event['detail-type'])} of ${readOptional(event, 'source') ?? 'no source'} as it stands here`;
}

function compile<Kind extends AwsEventKind>({ name, pattern }: Kind) {
  const { detailType, ...others } = pattern;
  return { name: name as Kind['name'], pattern: compilePattern({ ...others, 'detail-type': detailType }) };
}
