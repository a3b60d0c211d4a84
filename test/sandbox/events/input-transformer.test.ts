import { describe, expect, it } from 'vitest';
import { busEvent } from '../../../sandbox/events/bus-event.ts';
import { InvalidRuleError, type TargetInputDescription } from '../../../sandbox/events/descriptions.ts';
import { compileTargetInput, InputError } from '../../../sandbox/events/input-transformer.ts';

const RULE = { name: 'alerts', arn: 'arn:aws:events:eu-west-1:111122223333:rule/alerts' };
const DETAIL =
  '{"instance-id":"i-1","state":"RUNNING","n":9007199254740993,"on":true,"tags":["HIGH","LOW"],"who":{"id":"u1"},"quote":"a \\"b\\"","rows":[{"k":"x"},{"k":"y"}]}';
const EVENT = busEvent(
  {
    id: 'e-1',
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account: '111122223333',
    time: '2026-01-02T03:04:05Z',
    region: 'eu-west-1',
    resources: ['arn:x'],
  },
  DETAIL,
  Date.UTC(2026, 0, 2, 3, 4, 6),
);
const PATHS = {
  instance: '$.detail.instance-id',
  state: '$.detail.state',
  n: '$.detail.n',
  on: '$.detail.on',
  tags: '$.detail.tags',
  who: '$.detail.who',
  quote: '$.detail.quote',
  missing: '$.detail.missing',
  keys: '$.detail.rows[*].k',
  second: '$.detail.tags[1]',
};

function make(described: Omit<TargetInputDescription, 'id'>): string {
  return compileTargetInput({ id: 't', ...described }, RULE)(EVENT);
}

function fill(inputTemplate: string): string {
  return make({ inputTransformer: { inputPathsMap: PATHS, inputTemplate } });
}

describe('a target without input', () => {
  it('gives the whole event with its numbers as they were sent', () => {
    expect(make({})).toBe(EVENT.text);
    expect(EVENT.text).toContain('"n":9007199254740993');
  });
});

describe('Input', () => {
  it('gives the constant', () => {
    expect(make({ input: '{"a": 1}' })).toBe('{"a": 1}');
  });

  it('is refused when it is no JSON', () => {
    expect(() => make({ input: '{a}' })).toThrow(InvalidRuleError);
  });
});

describe('InputPath', () => {
  it.each([
    ['$.detail.state', '"RUNNING"'],
    ['$.detail.who', '{"id":"u1"}'],
    ['$.resources[0]', '"arn:x"'],
    ['$.detail.rows[*].k', '["x","y"]'],
    ['$.detail.who.*', '["u1"]'],
    ['$', EVENT.text],
  ])('%s gives %s', (inputPath, expected) => {
    expect(make({ inputPath })).toBe(expected);
  });

  it('gives nothing to deliver when the event has no such part', () => {
    expect(() => make({ inputPath: '$.detail.none' })).toThrow(InputError);
  });

  it.each(['detail', "$['detail']", '$..state', '$.rows[?(@.k)]'])('%s is refused', (inputPath) => {
    expect(() => make({ inputPath })).toThrow(InvalidRuleError);
  });
});

describe('InputTransformer', () => {
  it.each([
    ['"instance <instance> is in <state>"', '"instance i-1 is in RUNNING"'],
    ['"instance \\"<instance>\\" is in <state>"', '"instance \\"i-1\\" is in RUNNING"'],
    ['{"instance": <instance>, "state": <state>}', '{"instance": "i-1", "state": "RUNNING"}'],
    ['{"s": "<state>", "t": "is \\"<instance>\\""}', '{"s": "RUNNING", "t": "is \\"i-1\\""}'],
    ['{"state": [9, <state>, true]}', '{"state": [9, "RUNNING", true]}'],
    [
      '{"n": <n>, "on": <on>, "tags": <tags>, "who": <who>}',
      '{"n": 9007199254740993, "on": true, "tags": ["HIGH","LOW"], "who": {"id":"u1"}}',
    ],
    ['"<tags> and <who>"', '"[HIGH,LOW] and {id:u1}"'],
    ['"<state>"\n"<second>"', '"RUNNING"\n"LOW"'],
    ['{"m": <missing>, "t": "[<missing>]"}', '{"m": "", "t": "[]"}'],
    ['<who>', '{"id":"u1"}'],
    ['{"k": <keys>}', '{"k": ["x","y"]}'],
    ['{"q": <quote>}', '{"q": "a \\"b\\""}'],
    ['"<aws.events.rule-name> triggered"', '"alerts triggered"'],
    [
      '{"a": <aws.events.rule-arn>, "t": <aws.events.event.ingestion-time>}',
      `{"a": "${RULE.arn}", "t": "2026-01-02T03:04:06Z"}`,
    ],
    ['{"e": <aws.events.event.json>}', `{"e": ${EVENT.text}}`],
  ])('%s gives %s', (template, expected) => {
    expect(fill(template)).toBe(expected);
  });

  it('gives the event without its detail as aws.events.event', () => {
    expect(JSON.parse(fill('{"e": <aws.events.event>}'))).toEqual({
      e: {
        version: '0',
        id: 'e-1',
        detailType: 'EC2 Instance State-change Notification',
        source: 'aws.ec2',
        account: '111122223333',
        time: '2026-01-02T03:04:05Z',
        region: 'eu-west-1',
        resources: ['arn:x'],
      },
    });
  });

  it.each(['{"p": "<who>"}', '{"p": "<tags>"}', '{"p": "<quote>"}'])(
    'delivers nothing when unescaped values spoil the JSON of %s',
    (template) => {
      expect(() => fill(template)).toThrow(InputError);
    },
  );

  it.each([
    ['"<unknown>"', 'invalid placeholder unknown'],
    ['{"a": <instance>', 'neither valid JSON nor text'],
    ['plain <instance>', 'neither valid JSON nor text'],
    ['{"<instance>": 1}', 'placeholder as an object key'],
    ['', '0 characters'],
    [`"${'x'.repeat(8191)}"`, '8193 characters'],
  ])('refuses the template %.40s', (template, problem) => {
    expect(() => fill(template)).toThrow(problem);
  });

  it.each([
    [{ 'a.b': '$.detail' }, 'has the variable a.b'],
    [{ aws: '$.detail' }, 'has the variable aws'],
    [{ a: 'detail' }, 'no JSON path'],
    [Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`v${index}`, '$.id'])), '101 variables'],
  ])('refuses the variables %.40j', (inputPathsMap, problem) => {
    expect(() => make({ inputTransformer: { inputPathsMap, inputTemplate: '"x"' } })).toThrow(problem);
  });

  it('is refused beside InputPath', () => {
    const both = { inputPath: '$.detail', inputTransformer: { inputTemplate: '"x"' } };
    expect(() => make(both)).toThrow(
      'Only one of Input, InputPath, or InputTransformer must be provided for target t.',
    );
  });
});
