import { describe as group, expect, it } from 'vitest';
import { anError, functionAnswers, invoke, jsonata, runMachine } from './machines.ts';

const pass = (more: object) => ({ Type: 'Pass', End: true, ...more });
const evaluate = (expression: string, input: unknown = {}) =>
  runMachine(jsonata({ A: pass({ Output: `{% ${expression} %}` }) }), { input });

group('JSONata expressions', () => {
  it.each<[string, unknown, unknown]>([
    ['$states.input.n + 1', { n: 1 }, 2],
    ["'a' & $states.input.s", { s: 'b' }, 'ab'],
    [
      '$states.input.list[price > 1].name',
      {
        list: [
          { price: 1, name: 'a' },
          { price: 2, name: 'b' },
        ],
      },
      'b',
    ],
    ['[$states.input.list.name]', { list: [{ name: 'a' }] }, ['a']],
    ["{'a': 1, 'gone': $states.input.missing}", {}, { a: 1 }],
    ['$states.input', { a: [1, null, { b: true }] }, { a: [1, null, { b: true }] }],
    ['null', {}, null],
    ['[]', {}, []],
    ['1/0', {}, null],
    ['-0', {}, 0],
    ['$partition([1,2,3,4,5], 2)', {}, [[1, 2], [3, 4], [5]]],
    ['$partition([], 2)', {}, []],
    ['$partition([1], 2)', {}, [[1]]],
    ['$range(0, 10, 3)', {}, [0, 3, 6, 9]],
    ['$range(3, 1, -1)', {}, [3, 2, 1]],
    ['$range(1, 9, 9)', {}, 1],
    ["$hash('input data', 'MD5')", {}, '812f45842bc6d66ee14572ce20db8e86'],
    ["$hash('input data', 'SHA-1')", {}, 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['$parse(\'{"a":[1,"b"]}\')', {}, { a: [1, 'b'] }],
    ['$random(7) = $random(7)', {}, true],
    ['$random() < 1', {}, true],
    ['$uuid() = $uuid()', {}, false],
    ['$match($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) ~> $exists()', {}, true],
    ['$now()', {}, '2026-03-01T00:00:00.000Z'],
    ["$now('[Y]/[M01]')", {}, '2026/03'],
    ['$millis()', {}, Date.parse('2026-03-01T00:00:00Z')],
    ["$toMillis('2026-03-01T00:00:01Z') - $millis()", {}, 1000],
    ["$fromMillis($toMillis('10:30', '[H01]:[m]'))", {}, '2026-03-01T10:30:00.000Z'],
    ['$count($shuffle([1,2,3]))', {}, 3],
    ['($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))', {}, 3628800],
    ['$reduce([1,2,3], function($a, $b) { $a + $b })', {}, 6],
    ['$states.input.a ~> |$|{"b": 2}|', { a: { b: 1 } }, { b: 2 }],
    ['$states.context.Execution.Input.x', { x: 9 }, 9],
    ['$states.context.State.Name', {}, 'A'],
    ['$exists($states.context.Task)', {}, false],
  ])('evaluates %s', async (expression, input, expected) => {
    expect(await evaluate(expression, input)).toMatchObject({ status: 'SUCCEEDED', output: expected });
  });

  it.each([
    ['$states.input.missing', 'returned nothing (undefined).'],
    ['$sum', 'returned an unsupported result type.'],
    ["{'f': function($x) { $x }}", 'returned an unsupported result type.'],
    ['$foo(1)', 'threw an error during evaluation. T1006: Attempted to invoke a non-function'],
    ["1 + 'a'", 'threw an error during evaluation. T2002:'],
    ["$error('boom')", 'threw an error during evaluation. D3137: boom'],
    ["$hash('a', 'CRC')", 'threw an error during evaluation: The hash algorithm must be one of'],
    ["$parse('{')", 'threw an error during evaluation: '],
    ['$partition([1], 0)', 'threw an error during evaluation: '],
    ["$range('a', 1, 1)", 'threw an error during evaluation. T0410:'],
    ['($f := function($n) { 1 + $f($n) }; $f(0))', 'threw an error during evaluation. D1011: Stack overflow'],
    ['[1..900000]', 'threw an error during evaluation. D201'],
  ])('fails the state for %s', async (expression, cause) => {
    const { status, error, cause: told, view } = await evaluate(expression);
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(told).toContain("An error occurred while executing the state 'A' (entered at the event id #2). ");
    expect(told).toContain(`The JSONata expression '${expression}' specified for the field 'Output' ${cause}`);
    expect(view.history[2]).toMatchObject({
      type: 'EvaluationFailed',
      evaluationFailedEventDetails: { error: 'States.QueryEvaluationError', location: 'Output', state: 'A' },
    });
  });

  it('gives up on an expression that never ends', async () => {
    const { error, cause } = await evaluate('($f := function($n) { $f($n + 1) }; $f(0))');
    expect({ error, cause }).toEqual({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('D1012: Evaluation timeout'),
    });
  });

  it('gives up on a regular expression that backtracks for ever', async () => {
    const { error, cause } = await evaluate(`$match('${'a'.repeat(40)}!', /^(a+)+$/)`);
    expect({ error, cause }).toEqual({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('Evaluation timeout'),
    });
  });

  it('names the field at any depth of a template', async () => {
    const { cause } = await runMachine(jsonata({ A: pass({ Output: { a: [1, { b: '{% $states.input.x %}' }] } }) }));
    expect(cause).toContain("for the field 'Output/a[1]/b' returned nothing (undefined).");
  });

  it('leaves texts alone that are not expressions', async () => {
    const Output = { a: ' {% 1 %} ', b: '$states.input', c: ['{% 1 %}'] };
    expect((await runMachine(jsonata({ A: pass({ Output }) }))).output).toEqual({ ...Output, c: [1] });
  });

  it('keeps a key such as __proto__ an ordinary key', async () => {
    const definition =
      '{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":{"__proto__":{"x":1}},"End":true}}}';
    const { view } = await runMachine(JSON.parse(definition) as object);
    expect(view.output).toBe('{"__proto__":{"x":1}}');
  });
});

group('the context object', () => {
  const A = pass({ Output: '{% $states.context %}' });

  it('tells of the execution, the machine and the state', async () => {
    expect((await runMachine(jsonata({ A }), { input: { n: 1 } })).output).toEqual({
      Execution: {
        Id: expect.stringMatching(/^arn:aws:states:eu-central-1:111122223333:execution:machine:[0-9a-f-]{36}$/),
        Input: { n: 1 },
        StartTime: '2026-03-01T00:00:00.000Z',
        Name: expect.stringMatching(/^[0-9a-f-]{36}$/),
        RoleArn: 'arn:aws:iam::111122223333:role/machine',
        RedriveCount: 0,
      },
      StateMachine: { Id: 'arn:aws:states:eu-central-1:111122223333:stateMachine:machine', Name: 'machine' },
      State: { Name: 'A', EnteredTime: '2026-03-01T00:00:00.000Z' },
    });
  });

  it('has no count of redrives in an Express execution', async () => {
    const { output } = await runMachine(jsonata({ A }), { type: 'EXPRESS' });
    expect(output).toMatchObject({ Execution: { Id: expect.stringContaining(':express:machine:') } });
    expect(output).not.toHaveProperty('Execution.RedriveCount');
  });
});

group('Output and Assign', () => {
  it('both see the variables as they were on entry', async () => {
    const states = {
      A: { Type: 'Pass', Assign: { x: 1, y: 2 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: '{% [$x, $y] %}', Next: 'C' },
      C: pass({ Output: '{% [$states.input, $x, $y] %}' }),
    };
    expect((await runMachine(jsonata(states))).output).toEqual([1, 2, 2, 1]);
  });

  it('see the result of a task, and hand on the result without Output', async () => {
    const states = {
      A: invoke({ Assign: { p: '{% $states.result.Payload %}' }, End: false, Next: 'B' }),
      B: pass({ Output: '{% {"p": $p, "r": $states.input} %}' }),
    };
    const { output } = await runMachine(jsonata(states), { answer: functionAnswers({ ok: 1 }) });
    expect(output).toEqual({ p: { ok: 1 }, r: { ExecutedVersion: '$LATEST', Payload: { ok: 1 }, StatusCode: 200 } });
  });

  it('are evaluated again for every attempt, with the count of retries', async () => {
    const states = {
      A: invoke(
        { Retry: [{ ErrorEquals: ['Boom'] }], Output: '{% $states.context.State.RetryCount %}' },
        '{% $states.context.State.RetryCount %}',
      ),
    };
    const { output } = await runMachine(jsonata(states), {
      answer: functionAnswers(anError('Boom'), anError('Boom'), 1),
    });
    expect(output).toBe(2);
  });

  it('put the assigned variables into the history, each as JSON', async () => {
    const { view } = await runMachine(jsonata({ A: pass({ Assign: { b: 'x', a: { n: 1 } } }) }));
    expect(view.history[2]).toMatchObject({
      stateExitedEventDetails: {
        assignedVariables: { a: '{"n":1}', b: '"x"' },
        assignedVariablesDetails: { truncated: false },
      },
    });
  });

  it('fails when one Assign holds more than 256 KiB', async () => {
    const Assign = { x: "{% $pad('x', 300000) %}" };
    expect(await runMachine(jsonata({ A: pass({ Assign }) }))).toMatchObject({ error: 'States.DataLimitExceeded' });
  });
});

group('A state with its own query language', () => {
  it('may be JSONata in a JSONPath machine, and shares its variables', async () => {
    const { output } = await runMachine(
      {
        StartAt: 'A',
        States: {
          A: { Type: 'Pass', Assign: { 'x.$': '$.n' }, Next: 'B' },
          B: { Type: 'Pass', QueryLanguage: 'JSONata', Assign: { y: '{% $x + 1 %}' }, Next: 'C' },
          C: { Type: 'Pass', Parameters: { 'y.$': '$y' }, End: true },
        },
      },
      { input: { n: 1 } },
    );
    expect(output).toEqual({ y: 2 });
  });
});
