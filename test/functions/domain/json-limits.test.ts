import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxJsonDepth, maxJsonKeys, readLimitedJson } from '../../../functions/domain/json-limits.ts';

const read = (text: string) => readLimitedJson(Buffer.from(text));
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const wide = (keys: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, at) => [`k${at}`, at])));

describe('readLimitedJson', () => {
  it.each<[string, string]>([
    ['too-deep', nested(maxJsonDepth + 1)],
    ['too-deep', nested(200_000)],
    ['too-deep', '{"a":'.repeat(100_000)],
    ['too-deep', '['.repeat(500_000)],
    ['too-many-keys', wide(maxJsonKeys + 1)],
    ['too-many-keys', `[1,{"a":${wide(50_000)}}]`],
    ['duplicate-key', '{"a":1,"b":2,"a":3}'],
    ['duplicate-key', '{"a":1,"\\u0061":3}'],
    ['duplicate-key', '{"x":[{"a":1 ,\n"a" : 3}]}'],
    ['duplicate-key', '{"__proto__":1,"__proto__":2}'],
    ['not-json', ''],
    ['not-json', '{'],
    ['not-json', '{"a"'],
    ['not-json', '{"a\\'],
    ['not-json', '{"\\x":1}'],
    ['not-json', ']'],
    ['not-json', '{"a":1}}'],
    ['not-json', '{"a":NaN}'],
    ['not-json', "{'a':1}"],
    ['not-json', '{12345678901234567890:1}'],
  ])('refuses as %s %.30s', (reason, text) => {
    expect(read(text)).toEqual({ ok: false, reason });
  });

  it.each([[0xff], [0x22, 0xc3, 0x28, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xfe, 0xff, 0, 0x31]])(
    'refuses the bytes %j %j, which are not UTF-8',
    (...bytes) => {
      expect(readLimitedJson(Buffer.from(bytes))).toEqual({ ok: false, reason: 'not-utf8' });
    },
  );

  it.each<[string, unknown]>([
    ['{"id":7281010972796602671}', { id: '7281010972796602671' }],
    ['[-9007199254740993, 9007199254740991]', ['-9007199254740993', 9007199254740991]],
    ['{"1793588404215999999":[1793588404215999999 ]}', { '1793588404215999999': ['1793588404215999999'] }],
    ['[0.12345678901234567890,1e300,12345678901234567890.5]', [0.12345678901234568, 1e300, 12345678901234567000]],
    ['7281010972796602671', '7281010972796602671'],
  ])('keeps of %s every integer that it would round as text', (text, value) => {
    expect(read(text)).toEqual({ ok: true, value });
  });

  it('takes no number for text that JSON would refuse', () => {
    for (const text of [
      '[07281010972796602671]',
      '[72810109727966026717281010972796602671-]',
      '[--7281010972796602671]',
    ])
      expect(read(text)).toEqual({ ok: false, reason: 'not-json' });
  });

  it('reads what is just within the limits', () => {
    expect(read(nested(maxJsonDepth))).toMatchObject({ ok: true });
    expect(read(wide(maxJsonKeys))).toMatchObject({ ok: true });
    expect(read('[{"a":1},{"a":2}]')).toMatchObject({ ok: true });
    expect(read('{"a":{"a":{"a":"a"}},"b":"a"}')).toMatchObject({ ok: true });
  });

  it('counts no bracket and no colon inside a text', () => {
    const text = JSON.stringify({ a: `${nested(100)}{"a":1,"a":2}\\"`, b: '": "', '{"c': 1 });
    expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it('strips what reaches a prototype, wherever it stands and however it is spelled', () => {
    const text =
      '{"a":[{"__proto__":{"x":1},"b":1}],"constructor":{"prototype":1},"c":{"\\u005f_proto__":1},"prototypes":1}';
    const result = read(text);
    expect(result).toEqual({ ok: true, value: { a: [{ b: 1 }], c: {}, prototypes: 1 } });
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it('reads any other JSON as JSON.parse does', () => {
    const reserved = /"(__proto__|constructor|prototype)"|[1-9]\d{15}/;
    const json = fc.json({ maxDepth: 8 }).filter((text) => !reserved.test(text));
    fc.assert(
      fc.property(json, (text) => {
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('never throws', () => {
    const pieces = fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', '1', ' ', '\\u00'));
    const texts = pieces.map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), texts), (bytes) => {
        expect(readLimitedJson(bytes)).toHaveProperty('ok');
      }),
    );
  });
});
