import { describe, expect, it } from 'vitest';
import { eventSources } from '../../functions/adapters/intake/normalise-event.ts';
import { awsEventKinds } from '../../infra/event-patterns.ts';

describe('the kinds of AWS events that can be listened to', () => {
  it.each(awsEventKinds.map(({ name, pattern }) => [name, pattern] as const))(
    'have an adapter each: %s',
    (_, pattern) => {
      const adapter = eventSources.find(({ source }) => source === pattern.source[0]);
      expect(adapter?.detailTypes).toEqual(expect.arrayContaining([...pattern.detailType]));
    },
  );
});
