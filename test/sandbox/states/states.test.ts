import { describe as group, expect, it } from 'vitest';
import { functionAnswers, invoke, jsonata, runMachine, statesOf, typesOf } from './machines.ts';

const end = { Type: 'Pass', End: true };
const fails = (Error: string) => ({ Type: 'Fail', Error });

group('Choice', () => {
  const choose = (rules: object[], more: object = {}) => ({ Type: 'Choice', Choices: rules, ...more });

  it.each([
    ['{% $states.input.n > 1 %}', 2, 'B'],
    ['{% $states.input.n > 1 %}', 1, 'C'],
    [true, 0, 'B'],
    [false, 0, 'C'],
  ])('goes by %s of %s to %s', async (Condition, n, expected) => {
    const states = { A: choose([{ Condition, Next: 'B' }], { Default: 'C' }), B: end, C: end };
    expect(statesOf((await runMachine(jsonata(states), { input: { n } })).view)).toEqual(['A', expected]);
  });

  it('takes the first rule that holds, with its Assign and Output and not its own', async () => {
    const rule = (Condition: boolean, v: string) => ({ Condition, Assign: { v }, Output: { by: v }, Next: 'B' });
    const A = choose([rule(false, 'one'), rule(true, 'two'), rule(true, 'three')], {
      Assign: { v: 'own' },
      Output: 'own',
      Default: 'B',
    });
    const states = { A, B: { ...end, Output: '{% [$v, $states.input] %}' } };
    expect((await runMachine(jsonata(states))).output).toEqual(['two', { by: 'two' }]);
  });

  it('uses its own Assign and Output on the way to Default', async () => {
    const A = choose([{ Condition: false, Next: 'B' }], { Assign: { v: 'own' }, Output: 'o', Default: 'B' });
    const states = { A, B: { ...end, Output: '{% [$v, $states.input] %}' } };
    expect((await runMachine(jsonata(states))).output).toEqual(['own', 'o']);
  });

  it('fails when no rule holds and there is no Default', async () => {
    const states = { A: choose([{ Condition: false, Next: 'B' }]), B: end };
    expect(await runMachine(jsonata(states))).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  it.each([
    ['{% 1 %}', "Expected 'boolean', but was 'number' for value: 1"],
    ["{% 'true' %}", "Expected 'boolean', but was 'string'"],
    ['{% $states.input.missing %}', "for the field 'Choices[1]/Condition' returned nothing (undefined)."],
  ])('fails when a condition is %s', async (Condition, cause) => {
    const states = {
      A: choose(
        [
          { Condition: false, Next: 'B' },
          { Condition, Next: 'B' },
        ],
        { Default: 'B' },
      ),
      B: end,
    };
    const run = await runMachine(jsonata(states));
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain(cause);
  });
});

group('Wait', () => {
  it.each<[object, number]>([
    [{ Seconds: 90 }, 90_000],
    [{ Seconds: '{% $states.input.s %}' }, 30_000],
    [{ Seconds: 0 }, 0],
    [{ Timestamp: '2026-03-01T00:10:00Z' }, 600_000],
    [{ Timestamp: '2026-03-01T02:00:00+01:00' }, 3_600_000],
    [{ Timestamp: '{% $fromMillis($millis() + 5000) %}' }, 5000],
    [{ Timestamp: '2020-01-01T00:00:00Z' }, 0],
  ])('%j lasts %d ms of virtual time', async (fields, elapsedMs) => {
    const run = await runMachine(jsonata({ A: { Type: 'Wait', ...fields, End: true } }), { input: { s: 30 } });
    expect(run).toMatchObject({ status: 'SUCCEEDED', elapsedMs, output: { s: 30 } });
  });

  it.each<[object, string]>([
    [{ Seconds: '{% 1.5 %}' }, "Expected 'integer', but was 'number' for value: 1.5"],
    [{ Seconds: '{% -1 %}' }, "The field 'Seconds' must be between 0 and 99999999, and was: -1"],
    [{ Seconds: "{% '5' %}" }, "Expected 'integer', but was 'string'"],
    [{ Timestamp: "{% '2016-12-05T21:29:29' %}" }, 'cannot be parsed as an ISO-8601 extended offset date-time'],
    [{ Timestamp: "{% '2016-13-05T21:29:29Z' %}" }, 'cannot be parsed as an ISO-8601 extended offset date-time'],
  ])('%j fails the query', async (fields, cause) => {
    const run = await runMachine(jsonata({ A: { Type: 'Wait', ...fields, End: true } }));
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain(cause);
  });
});

group('Succeed and Fail', () => {
  it('end the machine with an output', async () => {
    expect(await runMachine(jsonata({ A: { Type: 'Succeed', Output: '{% 1 %}' } }))).toMatchObject({
      status: 'SUCCEEDED',
      output: 1,
    });
  });

  it.each<[object, string | undefined, string | undefined]>([
    [{ Error: 'E', Cause: 'C' }, 'E', 'C'],
    [{ Error: "{% 'E' & $states.input.n %}", Cause: '{% $string($states.input) %}' }, 'E1', '{"n":1}'],
    [{}, undefined, undefined],
  ])('fails with %j', async (fields, error, cause) => {
    const run = await runMachine(jsonata({ A: { Type: 'Fail', ...fields } }), { input: { n: 1 } });
    expect(run).toMatchObject({ status: 'FAILED', error, cause });
    expect(typesOf(run.view)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });

  it('fails the query when the cause is no text', async () => {
    const run = await runMachine(jsonata({ A: { Type: 'Fail', Cause: '{% 1 %}' } }));
    expect(run.error).toBe('States.QueryEvaluationError');
  });
});

group('Parallel', () => {
  const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
  const waits = (Seconds: number) => ({ Type: 'Wait', Seconds, End: true });

  it('gives the outputs in the order of the branches, and takes as long as the longest', async () => {
    const Branches = [branch('B', { ...waits(20), Output: 'slow' }), branch('C', { ...waits(5), Output: 'fast' })];
    const run = await runMachine(jsonata({ A: { Type: 'Parallel', Branches, End: true } }));
    expect(run).toMatchObject({ output: ['slow', 'fast'], elapsedMs: 20_000, transitions: 3 });
  });

  it('hands its Arguments to every branch', async () => {
    const Branches = [branch('B', end), branch('C', { ...end, Output: '{% $states.input.v * 2 %}' })];
    const A = {
      Type: 'Parallel',
      Arguments: { v: '{% $states.input.n %}' },
      Branches,
      Output: '{% {"r": $states.result} %}',
      End: true,
    };
    expect((await runMachine(jsonata({ A }), { input: { n: 2 } })).output).toEqual({ r: [{ v: 2 }, 4] });
  });

  it('fails with the first failure, and the other branches go no further', async () => {
    const slow = { StartAt: 'B', States: { B: { Type: 'Wait', Seconds: 60, Next: 'D' }, D: invoke() } };
    const A = { Type: 'Parallel', Branches: [slow, branch('C', fails('Boom'))], End: true };
    const run = await runMachine(jsonata({ A }));
    expect(run).toMatchObject({ status: 'FAILED', error: 'Boom', elapsedMs: 0 });
    expect(typesOf(run.view).slice(2)).toEqual([
      'ParallelStateStarted',
      'WaitStateEntered',
      'FailStateEntered',
      'WaitStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
  });

  it('keeps the variables of a branch to itself, and lets it read those around', async () => {
    const Branches = [
      branch('B', { ...end, Assign: { own: '{% $outer + 1 %}' }, Output: '{% $outer %}' }),
      branch('C', { ...end, Assign: { own: 9 } }),
    ];
    const states = {
      S: { Type: 'Pass', Assign: { outer: 1 }, Next: 'A' },
      A: { Type: 'Parallel', Branches, Next: 'E' },
      E: { ...end, Output: '{% [$states.input[0], $exists($own)] %}' },
    };
    expect((await runMachine(jsonata(states))).output).toEqual([1, false]);
  });

  it('catches the failure of a branch, and may assign around itself', async () => {
    const A = {
      Type: 'Parallel',
      Branches: [branch('B', { Type: 'Fail', Error: 'Boom', Cause: 'why' })],
      Catch: [{ ErrorEquals: ['Boom'], Assign: { e: '{% $states.errorOutput %}' }, Next: 'E' }],
      End: true,
    };
    const run = await runMachine(jsonata({ A, E: { ...end, Output: '{% $e %}' } }));
    expect(run.output).toEqual({ Error: 'Boom', Cause: 'why' });
  });

  it.each([['States.BranchFailed'], ['States.TaskFailed'], ['States.ALL'], ['Boom']])(
    'is caught as %s',
    async (name) => {
      const A = {
        Type: 'Parallel',
        Branches: [branch('B', fails('Boom'))],
        Catch: [{ ErrorEquals: [name], Output: '{% $states.errorOutput.Error %}', Next: 'E' }],
        End: true,
      };
      const { output } = await runMachine(jsonata({ A, E: end }));
      expect(output).toBe(name === 'States.BranchFailed' ? name : 'Boom');
    },
  );

  it('runs all its branches again when it is retried', async () => {
    const A = {
      Type: 'Parallel',
      Branches: [branch('B', fails('Boom'))],
      Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 2 }],
      End: true,
    };
    const run = await runMachine(jsonata({ A }));
    expect(run).toMatchObject({ error: 'Boom', elapsedMs: 3000, transitions: 6 });
    expect(typesOf(run.view).filter((type) => type.startsWith('Parallel'))).toEqual([
      'ParallelStateEntered',
      'ParallelStateStarted',
      'ParallelStateStarted',
      'ParallelStateStarted',
      'ParallelStateFailed',
    ]);
  });
});

group('Map', () => {
  const processor = (state: object) => ({ StartAt: 'I', States: { I: state } });
  const map = (more: object, state: object = end) => ({
    Type: 'Map',
    ItemProcessor: processor(state),
    End: true,
    ...more,
  });
  const runMap = (more: object, state?: object, input: unknown = [1, 2, 3]) =>
    runMachine(jsonata({ A: map(more, state) }), { input });

  it.each<[string, object, object, unknown, unknown]>([
    ['the input', {}, { ...end, Output: '{% $states.input * 2 %}' }, [1, 2], [2, 4]],
    ['nothing', {}, end, [], []],
    ['arrays', {}, end, [[1], [2, 3]], [[1], [2, 3]]],
    ['null', {}, end, [null], [null]],
    ['Items', { Items: '{% $states.input.l %}' }, end, { l: [1] }, [1]],
    ['literal Items', { Items: [1, '{% $states.input.n %}'] }, end, { n: 2 }, [1, 2]],
    [
      'members',
      { Items: '{% {"a": 1, "b": 2} %}' },
      end,
      {},
      [
        { Key: 'a', Value: 1 },
        { Key: 'b', Value: 2 },
      ],
    ],
    [
      'an ItemSelector',
      {
        ItemSelector: {
          i: '{% $states.context.Map.Item.Index %}',
          v: '{% $states.context.Map.Item.Value %}',
          n: '{% $count($states.input) %}',
        },
      },
      end,
      ['a', 'b'],
      [
        { i: 0, v: 'a', n: 2 },
        { i: 1, v: 'b', n: 2 },
      ],
    ],
    ['a context', {}, { ...end, Output: '{% $states.context.Map.Item.Index %}' }, ['a', 'b'], [0, 1]],
  ])('runs its processor over %s', async (_, more, state, input, expected) => {
    expect(await runMap(more, state, input)).toMatchObject({ status: 'SUCCEEDED', output: expected });
  });

  it.each<[string, object, unknown, string]>([
    ['the input', {}, { a: 1 }, 'Map state input must be an array but was: {"a":1}'],
    ['Items', { Items: "{% 'string' %}" }, [], "Expected 'array', but was 'string' for value: \"string\""],
    ['MaxConcurrency', { MaxConcurrency: "{% 'x' %}" }, [], "Expected 'integer', but was 'string'"],
    [
      'ItemSelector',
      { ItemSelector: '{% $states.input.gone %}' },
      [1],
      "for the field 'ItemSelector' returned nothing",
    ],
  ])('fails the query when %s is wrong', async (_, more, input, cause) => {
    const run = await runMap(more, end, input);
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain(cause);
  });

  it.each([
    [1, 30_000],
    [2, 20_000],
    [0, 10_000],
    ['{% 1 %}', 30_000],
  ])('with MaxConcurrency %s takes %d ms', async (MaxConcurrency, elapsedMs) => {
    expect((await runMap({ MaxConcurrency }, { Type: 'Wait', Seconds: 10, End: true })).elapsedMs).toBe(elapsedMs);
  });

  it('runs no more than forty iterations at once', async () => {
    const items = Array.from({ length: 41 }, (_, index) => index);
    expect((await runMap({}, { Type: 'Wait', Seconds: 10, End: true }, items)).elapsedMs).toBe(20_000);
  });

  it('counts every state of every iteration', async () => {
    expect((await runMap({})).transitions).toBe(4);
  });

  const boom = { Error: 'Boom', Cause: '' };
  const failSome = { Type: 'Choice', Choices: [{ Condition: '{% $states.input > 1 %}', Next: 'F' }], Default: 'G' };
  const someFail = (more: object) =>
    runMachine(
      jsonata({
        A: { ...map(more), ItemProcessor: { StartAt: 'I', States: { I: failSome, F: fails('Boom'), G: end } } },
      }),
      { input: [1, 2, 3] },
    );

  it.each<[object, object]>([
    [{}, { status: 'FAILED', error: 'Boom' }],
    [{ ToleratedFailureCount: 2 }, { status: 'SUCCEEDED', output: [1, boom, boom] }],
    [{ ToleratedFailureCount: 1 }, { status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' }],
    [{ ToleratedFailurePercentage: 70 }, { status: 'SUCCEEDED', output: [1, boom, boom] }],
    [{ ToleratedFailurePercentage: 50 }, { status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' }],
    [
      { ToleratedFailureCount: '{% 2 %}', ToleratedFailurePercentage: 50 },
      { error: 'States.ExceedToleratedFailureThreshold' },
    ],
  ])('with %j ends as %j when two of three fail', async (more, expected) => {
    expect(await someFail(more)).toMatchObject(expected);
  });

  it('keeps the variables of iterations apart', async () => {
    const state = { ...end, Assign: { own: '{% $states.input %}' }, Output: '{% $exists($own) %}' };
    expect((await runMap({ MaxConcurrency: 1 }, state)).output).toEqual([false, false, false]);
  });

  it('nests', async () => {
    const inner = {
      Type: 'Map',
      ItemProcessor: { StartAt: 'J', States: { J: { ...end, Output: '{% $states.input + 1 %}' } } },
      End: true,
    };
    expect((await runMap({}, inner, [[1, 2], [3]])).output).toEqual([[2, 3], [4]]);
  });
});

group('limits', () => {
  it('fails an execution with its 25,000th event', async () => {
    const run = await runMachine(
      jsonata({
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Condition: false, Next: 'C' }], Default: 'A' },
        C: end,
      }),
    );
    expect(run).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(run.view.history).toHaveLength(25_000);
    expect(run.view.history.at(-1)?.type).toBe('ExecutionFailed');
  });

  it('ends an Express execution that goes round without end', async () => {
    const states = { A: { Type: 'Choice', Choices: [{ Condition: false, Next: 'C' }], Default: 'A' }, C: end };
    expect((await runMachine(jsonata(states), { type: 'EXPRESS' })).status).toBe('TIMED_OUT');
  }, 60_000);

  it.each<['STANDARD' | 'EXPRESS', object, number]>([
    ['STANDARD', { TimeoutSeconds: 30 }, 30_000],
    ['EXPRESS', {}, 300_000],
    ['EXPRESS', { TimeoutSeconds: 600 }, 300_000],
    ['STANDARD', {}, 31_536_000_000],
  ])('times out %s with %j after %d ms', async (type, more, elapsedMs) => {
    const states = { A: { Type: 'Wait', Seconds: 99_999_999, End: true } };
    const run = await runMachine(jsonata(states, 'A', more), { type });
    expect(run).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout', elapsedMs });
    expect(typesOf(run.view)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut']);
  });

  it.each([
    [65_000, 'SUCCEEDED', undefined],
    [66_000, 'FAILED', 'States.DataLimitExceeded'],
  ])('counts bytes, not characters: an output of %d four-byte characters', async (count, status, error) => {
    const Output = `{% $pad('', ${count}, '😀') %}`;
    expect(await runMachine(jsonata({ A: { ...end, Output } }))).toMatchObject({ status, error });
  });

  it('fails a task whose result is too large, and States.ALL does not catch it', async () => {
    const A = invoke({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] });
    const answer = functionAnswers('x'.repeat(300_000));
    expect(await runMachine(jsonata({ A, B: end }), { answer })).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('catches it by its own name', async () => {
    const A = invoke({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'B' }] });
    expect((await runMachine(jsonata({ A, B: end }), { answer: functionAnswers('x'.repeat(300_000)) })).status).toBe(
      'SUCCEEDED',
    );
  });
});
