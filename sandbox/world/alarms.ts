import type { AwsCall } from '../aws.ts';
import { readMembers } from '../members.ts';

interface KnownAlarm {
  readonly AlarmName: string;
  readonly AlarmArn: string;
  readonly StateValue: string;
  readonly isComposite: boolean;
  /** When it became so, in epoch milliseconds: an older event may come later. */
  readonly at: number;
}

/** CloudWatch's alarms, each as its last event on the default bus said it: a rehearsal need not describe them again. */
export class Alarms {
  readonly #known = new Map<string, KnownAlarm>();

  /** Takes note of an event on the default bus; one that is not about an alarm is none of its business. */
  observe(event: Readonly<Record<string, unknown>>): void {
    const about = aboutOf(event);
    if (!about) return;
    const { name, arn } = about;
    const { operation, state, configuration } = readMembers(event['detail']);
    if (operation === 'delete') this.#known.delete(name);
    const { value, timestamp } = readMembers(state);
    const at = Date.parse(String(timestamp));
    if (operation !== undefined || typeof value !== 'string' || (this.#known.get(name)?.at ?? 0) > at) return;
    const isComposite = 'alarmRule' in readMembers(configuration);
    this.#known.set(name, { AlarmName: name, AlarmArn: arn, StateValue: value, isComposite, at });
  }

  /** Whether CloudWatch may send an event now: an alarm that never fired does not recover. */
  mayHappen(event: Readonly<Record<string, unknown>>): boolean {
    const about = aboutOf(event);
    const { value } = readMembers(readMembers(event['detail'])['state']);
    return !about || value !== 'OK' || this.#known.has(about.name);
  }

  /** Answers `DescribeAlarms` by names, as far as they were heard of; undefined for anything else. */
  answer({ service, operation, input }: Pick<AwsCall, 'service' | 'operation' | 'input'>) {
    const names = input['AlarmNames'];
    if (`${service}:${operation}` !== 'cloudwatch:DescribeAlarms' || !Array.isArray(names)) return undefined;
    const found = names.flatMap((name) => this.#known.get(String(name)) ?? []);
    if (found.length < names.length) return undefined;
    const ofKind = (wanted: boolean) =>
      found
        .filter(({ isComposite }) => isComposite === wanted)
        .map(({ AlarmName, AlarmArn, StateValue }) => ({ AlarmName, AlarmArn, StateValue }));
    return { MetricAlarms: ofKind(false), CompositeAlarms: ofKind(true) };
  }
}

/** Which alarm an event of CloudWatch is about. */
function aboutOf({ source, resources }: Readonly<Record<string, unknown>>) {
  const arn = String(Array.isArray(resources) ? resources[0] : '');
  const [, name] = /:alarm:(.+)$/.exec(arn) ?? [];
  return source === 'aws.cloudwatch' && name ? { name, arn } : undefined;
}
