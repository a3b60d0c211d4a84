import { describe as group, expect, it } from 'vitest';
import { anError, functionAnswers, jsonpath, runMachine, statesOf } from './machines.ts';

const end = { Type: 'Pass', End: true };
const runPass = (fields: object, input: unknown = {}) => runMachine(jsonpath({ A: { ...end, ...fields } }), { input });
const invoke = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f', 'Payload.$': '$' },
  End: true,
  ...more,
});

group('paths', () => {
  const input = { a: { b: [1, 2, 3, 4] }, 'c d': 1, list: [{ n: 1, t: 'x' }, { n: 2, t: 'y' }, { t: 'z' }], nil: null };

  it.each<[string, unknown]>([
    ['$', input],
    ['$.a.b', [1, 2, 3, 4]],
    ['$.a.b[0]', 1],
    ['$.a.b[-1]', 4],
    ["$['c d']", 1],
    ['$.nil', null],
    ['$.a.b[*]', [1, 2, 3, 4]],
    ['$.a.b[1:3]', [2, 3]],
    ['$.a.b[:2]', [1, 2]],
    ['$.a.b[-2:]', [3, 4]],
    ['$.a.b[0,2]', [1, 3]],
    ['$.list[*].t', ['x', 'y', 'z']],
    ['$..n', [1, 2]],
    ['$.list[?(@.n == 2)].t', ['y']],
    ["$.list[?(@.n >= 1 && @.t != 'y')].t", ['x']],
    ['$.list[?(@.n)].t', ['x', 'y']],
    ['$.list[?(!(@.n) || @.n > 1)].t', ['y', 'z']],
    ['$.list[?(@.n > 9)]', []],
    ["$['nil','c d','gone']", { nil: null, 'c d': 1 }],
    [
      "$.list[0,1]['n','t']",
      [
        { n: 1, t: 'x' },
        { n: 2, t: 'y' },
      ],
    ],
    ['$.list[*].gone', []],
    ['$.list[*].gone.n', []],
    ['$.gone[*].n', []],
    ['$.gone.more[0:1]', []],
    ['$.gone[?(@.n)]', []],
    ['$.a[?(@.b)].b[0]', [1]],
    ['$.list[?(@.gone != @.lost)].t', ['x', 'y', 'z']],
    ['$$.Execution.Name', expect.any(String)],
    ['$$.State.Name', 'A'],
  ])('%s selects %j', async (path, expected) => {
    expect((await runPass({ Parameters: { 'x.$': path } }, input)).output).toEqual({ x: expected });
  });

  it.each<[object, string]>([
    [{ InputPath: '$.gone' }, "Invalid path '$.gone' : No results for path: $['gone']"],
    [{ OutputPath: '$.gone.more' }, "Invalid path '$.gone.more' : Missing property in path $['gone']"],
    [{ OutputPath: '$[0:1]' }, "Invalid path '$[0:1]' : Filter: [0:1] can only be applied to arrays."],
    [
      { Parameters: { 'x.$': '$.gone' } },
      `The JSONPath '$.gone' specified for the field 'x.$' could not be found in the input '{"a":1}'`,
    ],
    [
      { Parameters: { 'x.$': "States.MathAdd('a', 1)" } },
      "The function 'States.MathAdd('a', 1)' had the following error:",
    ],
  ])('%j fails the execution with States.Runtime', async (fields, cause) => {
    const run = await runPass(fields, { a: 1 });
    expect(run.error).toBe('States.Runtime');
    expect(run.cause).toContain(
      `An error occurred while executing the state 'A' (entered at the event id #2). ${cause}`,
    );
  });
});

group('input and output', () => {
  it.each<[object, unknown]>([
    [{}, { a: { b: 1 }, c: 2 }],
    [{ InputPath: '$.a' }, { b: 1 }],
    [{ InputPath: null }, {}],
    [{ OutputPath: '$.c' }, 2],
    [{ OutputPath: null }, {}],
    [{ Result: { r: 1 } }, { r: 1 }],
    [
      { Result: { r: 1 }, ResultPath: '$.d' },
      { a: { b: 1 }, c: 2, d: { r: 1 } },
    ],
    [
      { Result: 9, ResultPath: '$.a.x.y' },
      { a: { b: 1, x: { y: 9 } }, c: 2 },
    ],
    [
      { Result: 9, ResultPath: null },
      { a: { b: 1 }, c: 2 },
    ],
    [{ Result: { 'x.$': '$.a' } }, { 'x.$': '$.a' }],
    [{ Parameters: { s: 'v', 'p.$': '$.a', deep: [{ 'q.$': '$.c' }] } }, { s: 'v', p: { b: 1 }, deep: [{ q: 2 }] }],
    [{ InputPath: '$.a', Parameters: { 'p.$': '$.b' }, ResultPath: '$.r', OutputPath: '$.r' }, { p: 1 }],
  ])('a Pass with %j', async (fields, expected) => {
    expect((await runPass(fields, { a: { b: 1 }, c: 2 })).output).toEqual(expected);
  });

  it('a ResultPath that does not fit the input fails', async () => {
    expect((await runPass({ Result: 1, ResultPath: '$.a[0]' }, { a: {} })).error).toBe('States.ResultPathMatchFailure');
  });

  it('a Task has ResultSelector, ResultPath and OutputPath, in this order', async () => {
    const A = invoke({
      ResultSelector: { 'v.$': '$.Payload.x' },
      ResultPath: '$.r',
      OutputPath: '$.r.v',
      Assign: { 'z.$': '$.v' },
      End: undefined,
      Next: 'B',
    });
    const run = await runMachine(jsonpath({ A, B: { ...end, Parameters: { 'i.$': '$', 'z.$': '$z' } } }), {
      answer: functionAnswers({ x: 7 }),
    });
    expect(run.output).toEqual({ i: 7, z: 7 });
  });

  it('a catcher puts the error into the input', async () => {
    const A = invoke({
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Assign: { 'n.$': '$.Error' }, Next: 'B' }],
    });
    const B = { ...end, Parameters: { 'i.$': '$', 'n.$': '$n' } };
    const run = await runMachine(jsonpath({ A, B }), {
      input: { a: 1 },
      answer: functionAnswers(anError('Boom', 'why')),
    });
    expect(run.output).toEqual({
      i: { a: 1, e: { Error: 'Boom', Cause: '{"errorType":"Boom","errorMessage":"why"}' } },
      n: 'Boom',
    });
  });

  it('a path that fails in the output of a task is not caught', async () => {
    const A = invoke({ OutputPath: '$.gone', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] });
    expect((await runMachine(jsonpath({ A, B: end }), { answer: functionAnswers(1) })).error).toBe('States.Runtime');
  });

  it('times and errors come from paths', async () => {
    const states = {
      A: { Type: 'Wait', SecondsPath: '$.s', Next: 'B' },
      B: { Type: 'Wait', TimestampPath: '$.t', Next: 'C' },
      C: { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('{} happened', $.e)" },
    };
    const run = await runMachine(jsonpath(states), { input: { s: 5, t: '2026-03-01T00:01:00Z', e: 'Boom' } });
    expect(run).toMatchObject({ error: 'Boom', cause: 'Boom happened', elapsedMs: 60_000 });
  });

  it.each<[object, object, string]>([
    [{ SecondsPath: '$.s' }, { s: -1 }, 'The SecondsPath parameter references a negative value: $.s == -1'],
    [{ SecondsPath: '$.s' }, { s: 1.5 }, 'The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5'],
    [{ SecondsPath: '$.s' }, {}, 'The SecondsPath parameter does not reference an input value: $.s'],
    [
      { TimestampPath: '$.t' },
      { t: '2016' },
      'does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2016',
    ],
  ])('a Wait with %j of %j fails with States.Runtime', async (fields, input, cause) => {
    const run = await runMachine(jsonpath({ A: { Type: 'Wait', ...fields, End: true } }), { input });
    expect(run.error).toBe('States.Runtime');
    expect(run.cause).toContain(cause);
  });

  it('a Map has ItemsPath and ItemSelector, or their older names', async () => {
    const processor = { StartAt: 'I', States: { I: end } };
    const selector = { 'v.$': '$$.Map.Item.Value', 'i.$': '$$.Map.Item.Index', 'k.$': '$.k' };
    const input = { items: ['a', 'b'], k: 1 };
    const expected = [
      { v: 'a', i: 0, k: 1 },
      { v: 'b', i: 1, k: 1 },
    ];
    for (const fields of [
      { ItemProcessor: processor, ItemSelector: selector },
      { Iterator: processor, Parameters: selector },
    ]) {
      const A = { Type: 'Map', ItemsPath: '$.items', ...fields, ResultPath: '$.out', OutputPath: '$.out', End: true };
      expect((await runMachine(jsonpath({ A }), { input })).output).toEqual(expected);
    }
  });
});

group('Choice', () => {
  const input = {
    s: 'foo.log',
    n: 5,
    b: true,
    t: '2026-01-01T00:00:00Z',
    nil: null,
    o: {},
    same: 'foo.log',
    star: 'a*b',
  };
  const choose = async (rule: object) => {
    const states = { A: { Type: 'Choice', Choices: [{ ...rule, Next: 'Y' }], Default: 'N' }, Y: end, N: end };
    return statesOf((await runMachine(jsonpath(states), { input })).view)[1] === 'Y';
  };

  it.each<[object, boolean]>([
    [{ Variable: '$.s', StringEquals: 'foo.log' }, true],
    [{ Variable: '$.n', StringEquals: '5' }, false],
    [{ Variable: '$.s', StringEqualsPath: '$.same' }, true],
    [{ Variable: '$.s', StringLessThan: 'g' }, true],
    [{ Variable: '$.s', StringGreaterThanEquals: 'foo.log' }, true],
    [{ Variable: '$.s', StringMatches: 'foo*.log' }, true],
    [{ Variable: '$.s', StringMatches: '*.txt' }, false],
    [{ Variable: '$.s', StringMatches: 'fooxlog' }, false],
    [{ Variable: '$.star', StringMatches: 'a\\*b' }, true],
    [{ Variable: '$.s', StringMatches: 'foo\\*' }, false],
    [{ Variable: '$.n', NumericEquals: 5 }, true],
    [{ Variable: '$.n', NumericLessThan: 5 }, false],
    [{ Variable: '$.n', NumericLessThanEquals: 5 }, true],
    [{ Variable: '$.n', NumericGreaterThan: 4.5 }, true],
    [{ Variable: '$.n', NumericGreaterThanEqualsPath: '$.n' }, true],
    [{ Variable: '$.s', NumericGreaterThan: 1 }, false],
    [{ Variable: '$.b', BooleanEquals: true }, true],
    [{ Variable: '$.b', BooleanEquals: false }, false],
    [{ Variable: '$.t', TimestampEquals: '2026-01-01T01:00:00+01:00' }, true],
    [{ Variable: '$.t', TimestampGreaterThan: '2025-12-31T23:59:59Z' }, true],
    [{ Variable: '$.s', TimestampLessThan: '2025-12-31T23:59:59Z' }, false],
    [{ Variable: '$.nil', IsNull: true }, true],
    [{ Variable: '$.o', IsNull: false }, true],
    [{ Variable: '$.gone', IsPresent: false }, true],
    [{ Variable: '$.nil', IsPresent: true }, true],
    [{ Variable: '$.s', IsString: true }, true],
    [{ Variable: '$.n', IsNumeric: true }, true],
    [{ Variable: '$.b', IsBoolean: false }, false],
    [{ Variable: '$.t', IsTimestamp: true }, true],
    [{ Variable: '$.s', IsTimestamp: true }, false],
    [
      {
        And: [
          { Variable: '$.n', NumericEquals: 5 },
          { Variable: '$.b', BooleanEquals: false },
        ],
      },
      false,
    ],
    [
      {
        Or: [
          { Variable: '$.n', NumericEquals: 4 },
          { Variable: '$.b', BooleanEquals: true },
        ],
      },
      true,
    ],
    [{ Not: { And: [{ Variable: '$.n', NumericEquals: 5 }] } }, false],
    [
      {
        And: [
          { Variable: '$.gone', IsPresent: true },
          { Variable: '$.gone', NumericEquals: 1 },
        ],
      },
      false,
    ],
  ])('%j is %s', async (rule, expected) => {
    expect(await choose(rule)).toBe(expected);
  });

  it('fails for a variable that is not there', async () => {
    const states = { A: { Type: 'Choice', Choices: [{ Variable: '$.gone', IsNull: true, Next: 'B' }] }, B: end };
    expect((await runMachine(jsonpath(states))).error).toBe('States.Runtime');
  });

  it('reads variables of its scope', async () => {
    const states = {
      S: { Type: 'Pass', Assign: { guess: 1, answer: 1 }, Next: 'A' },
      A: {
        Type: 'Choice',
        Choices: [{ Variable: '$guess', NumericEqualsPath: '$answer', Assign: { won: true }, Next: 'B' }],
      },
      B: { ...end, Parameters: { 'won.$': '$won' } },
    };
    expect((await runMachine(jsonpath(states))).output).toEqual({ won: true });
  });
});

group('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ["States.Format('{} is {}', $.a, $.b)", { a: 'x', b: 1 }, 'x is 1'],
    ["States.Format('{} {}', $.a, $.b)", { a: null, b: { c: [1], d: 'e' } }, 'null {c=[1], d=e}'],
    ["States.Format('\\{\\} \\'{}\\' \\\\', 'x')", {}, "{} 'x' \\"],
    ['States.StringToJson($.s)', { s: '{"a":[1]}' }, { a: [1] }],
    ["States.StringToJson('')", {}, null],
    ['States.JsonToString($.o)', { o: { a: [1, 'b'] } }, '{"a":[1,"b"]}'],
    ["States.Array('a', 1, null, true, $.o)", { o: {} }, ['a', 1, null, true, {}]],
    ['States.Array()', {}, []],
    ['States.ArrayPartition($.l, 2)', { l: [1, 2, 3] }, [[1, 2], [3]]],
    ['States.ArrayContains($.l, $.x)', { l: [{ a: 1, b: 2 }], x: { b: 2, a: 1 } }, true],
    ['States.ArrayContains($.l, 2)', { l: [1] }, false],
    ['States.ArrayRange(1, 9, 2)', {}, [1, 3, 5, 7, 9]],
    ['States.ArrayRange(1, 9, 9)', {}, [1]],
    ['States.ArrayGetItem($.l, 1)', { l: ['a', 'b'] }, 'b'],
    ['States.ArrayLength($.l)', { l: [1, 2] }, 2],
    ['States.ArrayUnique($.l)', { l: [1, 1, '1', { a: 1 }, { a: 1 }] }, [1, '1', { a: 1 }]],
    ["States.Base64Encode('Data to encode')", {}, 'RGF0YSB0byBlbmNvZGU='],
    ["States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", {}, 'Data to encode'],
    ["States.Base64Decode('SGk')", {}, 'Hi'],
    ["States.Base64Decode('')", {}, ''],
    ['States.MathAdd(2147483647, -2147483648)', {}, -1],
    ["States.Hash('input data', 'SHA-256')", {}, 'b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3'],
    ['States.JsonMerge($.a, $.b, false)', { a: { x: 1, y: { z: 1 } }, b: { y: 2 } }, { x: 1, y: 2 }],
    ['States.MathAdd(1.5, -1.5)', {}, 1],
    ['States.MathRandom(1, 2)', {}, 1],
    ["States.StringSplit('a.b+c,,d', '.+,')", {}, ['a', 'b', 'c', 'd']],
    ["States.ArrayLength(States.StringSplit(States.Format('{},b', $.a), ','))", { a: 'a' }, 2],
    ['States.UUID()', {}, expect.stringMatching(/^[0-9a-f-]{36}$/)],
  ])('%s', async (call, input, expected) => {
    expect((await runPass({ Parameters: { 'x.$': call } }, input)).output).toEqual({ x: expected });
  });

  it.each([
    "States.Format('{} {}', 1)",
    "States.Format('{', 1)",
    "States.StringToJson('{')",
    'States.ArrayGetItem($.l, 5)',
    'States.ArrayRange(1, 2000, 1)',
    'States.ArrayRange(1, 2, 0)',
    'States.ArrayLength($.s)',
    "States.Hash('a', 'CRC32')",
    'States.JsonMerge($.o, $.o, true)',
    'States.MathRandom(2, 1)',
    'States.ArrayPartition($.l, 0)',
    "States.Base64Decode('a*b=')",
    "States.Base64Decode('abcde')",
    'States.MathAdd(2147483648, 0)',
    'States.MathAdd(0, -2147483649)',
  ])('%s fails the execution with States.Runtime', async (call) => {
    const run = await runPass({ Parameters: { 'x.$': call } }, { l: [1], s: 'x', o: {} });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(run.cause).toContain('had the following error: ');
  });
});
