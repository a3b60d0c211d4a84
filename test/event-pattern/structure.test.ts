import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, EventFields, InvalidEventError } from '../../event-pattern/pattern.ts';

const PEOPLE = '{"people":[{"first":"Anna","last":"Smith"},{"first":"Peter","last":"Jones"}]}';

describe('fields', () => {
  it.each([
    ['{"a":{"b":["x"]}}', '{"a":{"b":"x","c":"y"}}', true],
    ['{"a":["x"],"b":["y"]}', '{"a":"x"}', false],
    ['{"a.b":["x"]}', '{"a":{"b":"x"}}', true],
    ['{"a":{"b":["x"]}}', '{"a.b":"x"}', true],
    ['{"a":["x"],"a":["y"]}', '{"a":"x"}', false],
    ['{"a":["x"],"a":["y"]}', '{"a":"y"}', true],
    ['{"a":["x"]}', '{"a":"x","a":"y"}', false],
    ['{"a.b":["x"],"a":{"b":["y"]}}', '{"a":{"b":"y"}}', true],
    ['{"A":["x"]}', '{"a":"x"}', false],
  ])('%s and %s: %s', (pattern, event, expected) => {
    expect(compilePattern(pattern).matches(event)).toBe(expected);
  });

  it('reads patterns and events that are parsed already', () => {
    expect(compilePattern({ a: [{ numeric: ['>', 1] }] }).matches({ a: 2 })).toBe(true);
  });

  it('matches prepared fields again and again', () => {
    const fields = new EventFields('{"a":1}');
    expect([compilePattern('{"a":[1]}').matches(fields), compilePattern('{"a":[2]}').matches(fields)]).toEqual([
      true,
      false,
    ]);
  });

  it.each(['[]', '"x"', '5', '{"a":', '', '{"a":1}x'])('refuses the event %s', (event) => {
    expect(() => compilePattern('{"a":[1]}').matches(event)).toThrow(InvalidEventError);
  });

  it('matches every event with the pattern of its own leaves', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
    const name = fc.stringMatching(/^[a-z]{1,5}$/);
    const event = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf, { minKeys: 1 })), { minKeys: 1 });
    const patternOf = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, patternOf(item)]))
        : [value];
    fc.assert(fc.property(event, (given) => compilePattern(patternOf(given)).matches(given)));
  });
});

describe('arrays', () => {
  it.each([
    ['{"people":{"first":["Anna"],"last":["Smith"]}}', PEOPLE, true],
    ['{"people":{"first":["Anna"],"last":["Jones"]}}', PEOPLE, false],
    ['{"people":{"first":[{"anything-but":"Anna"}],"last":["Smith"]}}', PEOPLE, false],
    ['{"a":{"b":["x"]},"c":["y"]}', '{"a":[{"b":"x"}],"c":["y","z"]}', true],
    ['{"a":{"b":{"c":["1"],"d":["2"]}}}', '{"a":[{"b":[{"c":"1"},{"d":"2"}]}]}', false],
    ['{"a":{"b":{"c":["1"],"d":["2"]}}}', '{"a":[[{"b":{"c":"1"}}],[{"b":[{"c":"1","d":"2"}]}]]}', true],
    ['{"a":{"b":["1"],"c":{"d":["2"]}}}', '{"a":[{"b":"1","c":[{"d":"3"},{"d":"2"}]}]}', true],
    ['{"d":{"a":[{"exists":false}],"b":["x"]}}', '{"d":[{"a":1},{"b":"x"}]}', false],
    ['{"d":{"b":["x"],"c":[{"exists":false}]}}', '{"d":[{"b":"x"},{"c":1}]}', true],
    ['{"d":{"b":["x"],"c":[{"exists":false}]}}', '{"d":[{"b":"x","c":1}]}', false],
  ])('%s and %s: %s', (pattern, event, expected) => {
    expect(compilePattern(pattern).matches(event)).toBe(expected);
  });
});

describe('$or', () => {
  it.each([
    ['{"s":["q"],"$or":[{"a":["1"]},{"b":["2"]}]}', '{"s":"q","b":"2"}', true],
    ['{"s":["q"],"$or":[{"a":["1"]},{"b":["2"]}]}', '{"s":"q","b":"1"}', false],
    ['{"s":["q"],"$or":[{"a":["1"]},{"b":["2"]}]}', '{"a":"1","b":"2"}', false],
    ['{"d":{"$or":[{"a":["1"],"c":["3"]},{"b":["2"]}]}}', '{"d":{"a":"1"}}', false],
    ['{"d":{"$or":[{"a":["1"]},{"$or":[{"b":["2"]},{"c":["3"]}]}]}}', '{"d":{"c":"3"}}', true],
    ['{"$or":[{"a":["1"]},{"b":["2"]}],"d":{"$or":[{"x":["1"]},{"y":["2"]}]}}', '{"b":"2","d":{"x":"1"}}', true],
    ['{"$or":[{"a":["1"]},{"b":["2"]}],"d":{"$or":[{"x":["1"]},{"y":["2"]}]}}', '{"b":"2","d":{"x":"2"}}', false],
    ['{"a":["0"],"$or":[{"a":["1"]},{"b":["2"]}]}', '{"a":"1"}', true],
    ['{"$or":[{"a":[{"exists":false}]},{"b":["2"]}]}', '{"c":1}', true],
  ])('is an operator in %s, event %s: %s', (pattern, event, expected) => {
    expect(compilePattern(pattern).matches(event)).toBe(expected);
  });

  it.each([
    ['{"$or":["x"]}', '{"$or":"x"}', true],
    ['{"$or":{"a":["1"]}}', '{"$or":{"a":"1"}}', true],
    ['{"$or":{"a":["1"]}}', '{"a":"1"}', false],
    ['{"$or":[{"prefix":"x"}]}', '{"$or":"xy"}', true],
    ['{"$or":[{"prefix":"x"},{"suffix":"z"}]}', '{"$or":"yz"}', true],
  ])('is a field in %s, event %s: %s', (pattern, event, expected) => {
    expect(compilePattern(pattern).matches(event)).toBe(expected);
  });
});
