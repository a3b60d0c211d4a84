import { describe, expect, it } from 'vitest';
import { compilePattern, InvalidEventPatternError } from '../../event-pattern/pattern.ts';

function refusalOf(pattern: unknown): InvalidEventPatternError {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidEventPatternError) return error;
    throw error;
  }
  throw new Error('The pattern was accepted.');
}

const TOO_COMPLEX =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

describe('compilePattern', () => {
  it.each([
    ['{"source":"aws.ec2"}', '"source" must be an object or an array', 'source'],
    ['{"detail":{"n":5}}', '"n" must be an object or an array', 'detail.n'],
    ['{"a":null}', '"a" must be an object or an array', 'a'],
    ['{}', 'Empty objects are not allowed', ''],
    ['{"a":{"b":{}}}', 'Empty objects are not allowed', 'a.b'],
    ['{"a":{"b":[]}}', 'Empty arrays are not allowed', 'a.b'],
    ['{"a":[["x"]]}', 'Match value must be String, number, true, false, or null', 'a'],
    ['{"a":[{}]}', 'Match expression name not found', 'a'],
    ['{"a":[{"PREFIX":"x"}]}', 'Unrecognized match type PREFIX', 'a'],
    ['{"a":[{"prefix":"x","suffix":"y"}]}', 'Only one key allowed in match expression', 'a'],
    ['{"a":[{"prefix":5}]}', 'prefix match pattern must be a string', 'a'],
    ['{"a":[{"prefix":["x"]}]}', 'prefix match pattern must be a string', 'a'],
    ['{"a":[{"prefix":{"wildcard":"x"}}]}', 'Unsupported prefix pattern: wildcard', 'a'],
    ['{"a":[{"suffix":null}]}', 'suffix match pattern must be a string', 'a'],
    ['{"a":[{"suffix":{"equals-ignore-case":5}}]}', 'equals-ignore-case match pattern must be a string', 'a'],
    ['{"a":[{"equals-ignore-case":["x"]}]}', 'equals-ignore-case match pattern must be a string', 'a'],
    ['{"a":[{"wildcard":5}]}', 'wildcard match pattern must be a string', 'a'],
    ['{"a":[{"wildcard":"a**"}]}', 'Consecutive wildcard characters at pos 2', 'a'],
    ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character at pos 2', 'a'],
    ['{"a":[{"wildcard":"*:*:*:*:*:event-bus/*"}]}', TOO_COMPLEX, ''],
    ['{"a":[{"exists":"yes"}]}', 'exists match pattern must be either true or false.', 'a'],
    ['{"a":[{"exists":null}]}', 'exists match pattern must be either true or false.', 'a'],
  ])('refuses %s: %s', (pattern, reason, path) => {
    expect(refusalOf(pattern)).toMatchObject({ name: 'InvalidEventPatternException', reason, path });
  });

  it.each([
    ['5', 'Value of numeric must be an array.'],
    ['[]', 'Invalid member in numeric match: ]'],
    ['[5]', 'Invalid member in numeric match: 5'],
    ['["!=",5]', 'Unrecognized numeric range operator: !='],
    ['["=","5"]', 'Value of equals must be numeric'],
    ['["<"]', 'Value of < must be numeric'],
    ['["=",1,"<",5]', 'Too many elements in numeric expression'],
    ['["<",5,">",0]', 'Too many elements in numeric expression'],
    ['[">",0,">",1]', 'Bad numeric range operator: >'],
    ['[">",0,"<"]', 'Value of < must be numeric'],
    ['[">",5,"<",1]', 'Bottom must be less than top'],
    ['[">=",5,"<=",5]', 'Bottom must be less than top'],
    ['[">",0,"<",5,"<",6]', 'Too many terms in numeric range expression'],
    ['["=",9007199254740993]', 'Cannot compare number : 9007199254740993'],
  ])('refuses {"numeric":%s}: %s', (value, reason) => {
    expect(refusalOf(`{"a":[{"numeric":${value}}]}`)).toMatchObject({ reason, path: 'a' });
  });

  it.each([
    ['null', 'Value of anything-but must be an array or single string/number value.'],
    ['true', 'Value of anything-but must be an array or single string/number value.'],
    ['[null]', 'Inside anything but list, start|null|boolean is not supported.'],
    ['[]', 'Inside anything but list, either all values are number or string, mixed type is not supported'],
    ['["x",5]', 'Inside anything but list, either all values are number or string, mixed type is not supported'],
    ['{}', 'Anything-But expression name not found'],
    ['{"numeric":["=",5]}', 'Unsupported anything-but pattern: numeric'],
    ['{"prefix":""}', 'Null prefix/suffix not allowed'],
    ['{"prefix":5}', 'prefix/suffix match pattern must be a string'],
    ['{"suffix":["x",5]}', 'prefix/suffix match pattern must be a string'],
    ['{"prefix":{"equals-ignore-case":"x"}}', 'Value of anything-but must be an array or single string/number value.'],
    [
      '{"equals-ignore-case":5}',
      'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    ],
    ['{"wildcard":["a**"]}', 'Consecutive wildcard characters at pos 2'],
    ['{"wildcard":[]}', 'Inside anything-but list, at least one value is required'],
    ['{"prefix":"x","suffix":"y"}', 'Only one key allowed in match expression'],
  ])('refuses {"anything-but":%s}: %s', (value, reason) => {
    expect(refusalOf(`{"a":[{"anything-but":${value}}]}`)).toMatchObject({ reason, path: 'a' });
  });

  it.each([
    ['"10.0.0.0"', "Malformed CIDR, one '/' required"],
    ['"10.0.0.0/8/9"', "Malformed CIDR, one '/' required"],
    ['"10.0.0.0/x"', 'Malformed CIDR, mask bits must be an integer'],
    ['"10.0.0.0/-1"', 'Malformed CIDR, mask bits must not be negative'],
    ['"10.0.0.0/32"', 'IPv4 mask bits must be < 32'],
    ['"::/128"', 'IPv6 mask bits must be < 128'],
    ['"10.0.0/8"', 'Nonstandard IP address: 10.0.0'],
    ['"1:2:3:4:5:6:7:8:9/8"', 'Nonstandard IP address: 1:2:3:4:5:6:7:8:9'],
    ['5', 'prefix match pattern must be a string'],
  ])('refuses {"cidr":%s}: %s', (value, reason) => {
    expect(refusalOf(`{"a":[{"cidr":${value}}]}`)).toMatchObject({ reason, path: 'a' });
  });

  it.each([
    ['{"$or":[{"a":["1"]}]}', 'There must have at least 2 Objects in $or relationship.', '$or'],
    ['{"$or":"x"}', 'It must be an Array followed with $or.', '$or'],
    ['{"d":{"$or":[{"a":["1"]},"x"]}}', 'Only JSON object is allowed in array of $or relationship.', 'd.$or'],
    ['{"$or":[{"a":["1"]},{}]}', 'Empty objects are not allowed', ''],
    [
      '{"$or":[{"a":["1"]},{"prefix":["x"]}]}',
      'prefix is Ruler reserved fieldName which cannot be used inside $or.',
      'prefix',
    ],
    ['{"$or":"x","a":[{"anything-but":{"wildcard":"x"}}]}', 'It must be an Array followed with $or.', '$or'],
  ])('refuses %s: %s', (pattern, reason, path) => {
    expect(refusalOf(pattern)).toMatchObject({ reason, path });
  });

  it('refuses more than 1,000 combinations of $or', () => {
    const or = { $or: Array.from({ length: 11 }, (_, index) => ({ [`f${index}`]: ['x'] })) };
    expect(refusalOf({ a: or, b: or, c: or }).reason).toContain('More than 1000 rule combinations');
  });

  it.each([
    '',
    '{',
    '{"a":["x"}',
    "{'a':['x']}",
    '{"a":["x"],}',
    '{"a":[01]}',
    '{"a":[tru]}',
    '{"a":["x"]} x',
    '{"a":["\n"]}',
  ])('refuses malformed JSON: %j', (pattern) => {
    expect(refusalOf(pattern).message).toMatch(/^Event pattern is not valid\. Reason: .+\n at line \d+, column \d+$/);
  });

  it.each([null, [], 5, true, undefined])('refuses %j, which is no object', (pattern) => {
    expect(refusalOf(pattern)).toBeInstanceOf(InvalidEventPatternError);
  });

  it('says at which field, line and column', () => {
    expect(refusalOf('{"detail": {\n  "state": "x"\n}}').message).toBe(
      'Event pattern is not valid. Reason: "state" must be an object or an array\n at field detail.state, line 2, column 12',
    );
  });

  it.each([
    '{"a":[{"wildcard":"arn:aws:events:us-east-1:*:event-bus/*"}]}',
    '{"a":[{"wildcard":"/Users/*/dir/dir/dir/dir/dir/doc.txt"}]}',
    '{"a":[{"wildcard":"*:stack/App/*"},{"wildcard":"*:stack/Data/*"},{"wildcard":"*:stack/Shared/*"}]}',
    '{"wildcard":["**"],"d":{"prefix":["x"]}}',
    `{"$or":[${Array.from({ length: 12 }, (_, index) => `{"a":[{"wildcard":"*x*"}],"f${index}":["1"]}`).join()}]}`,
  ])('accepts %s', (pattern) => {
    expect(() => compilePattern(pattern)).not.toThrow();
  });
});
