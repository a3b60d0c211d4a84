import { describe as group, expect, it } from 'vitest';
import { AwsError, type CallAws } from '../../../sandbox/aws.ts';
import { validateDefinition } from '../../../sandbox/states/validate.ts';
import { anError, functionAnswers, invoke, jsonata, jsonpath, runMachine, typesOf } from './machines.ts';

const end = { Type: 'Pass', End: true };
const distributed = (states: object = { I: end }, ExecutionType = 'STANDARD') => ({
  ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
  StartAt: Object.keys(states)[0],
  States: states,
});
const map = (more: object = {}, states?: object) => ({
  Type: 'Map',
  ItemProcessor: distributed(states),
  End: true,
  ...more,
});
const failing = { I: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 0 %}', Next: 'F' }], Default: 'P' } };
const someFail = { ...failing, F: { Type: 'Fail', Error: 'Boom', Cause: 'why' }, P: end };
const runMap = (more: object, input: unknown, answer?: CallAws, states?: object) =>
  runMachine(jsonata({ A: map(more, states) }), { input, ...(answer && { answer }) });

group('a distributed Map', () => {
  it('gives the outputs in order, and has the events of a Map Run instead of those of its children', async () => {
    const { view, output, transitions } = await runMap({}, ['a', 'b']);
    expect({ output, transitions }).toEqual({ output: ['a', 'b'], transitions: 1 });
    expect(typesOf(view)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect(view.history[2]).toMatchObject({ mapStateStartedEventDetails: { length: 2 } });
    expect(view.history[6]).toMatchObject({ previousEventId: 5 });
  });

  it('runs its children as executions of their own, which see no variable around them', async () => {
    const I = { ...end, Output: '{% [$states.context.Execution.Id, $exists($v), $states.context.Execution.Input] %}' };
    const states = { S: { Type: 'Pass', Assign: { v: 1 }, Output: ['x'], Next: 'A' }, A: map({ Label: 'L' }, { I }) };
    expect((await runMachine(jsonata(states))).output).toEqual([
      [
        expect.stringMatching(/^arn:aws:states:eu-central-1:111122223333:execution:machine\/L:[0-9a-f-]{36}$/),
        false,
        'x',
      ],
    ]);
  });

  it('runs as many children at once as it may', async () => {
    const I = { Type: 'Wait', Seconds: 10, End: true };
    expect((await runMap({ MaxConcurrency: 2 }, [1, 2, 3], undefined, { I })).elapsedMs).toBe(20_000);
    expect((await runMap({}, [...Array(100).keys()], undefined, { I })).elapsedMs).toBe(10_000);
  });

  it('ends an Express child after five minutes', async () => {
    const ItemProcessor = distributed({ I: { Type: 'Wait', Seconds: 301, End: true } }, 'EXPRESS');
    const run = await runMachine(jsonata({ A: { ...map(), ItemProcessor } }), { input: [1] });
    expect(run).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold', elapsedMs: 300_000 });
  });

  it.each<[object, readonly number[], boolean]>([
    [{}, [0, 1], false],
    [{ ToleratedFailureCount: 1 }, [0, 1], true],
    [{ ToleratedFailureCount: 1 }, [0, 0, 1], false],
    [{ ToleratedFailurePercentage: 50 }, [0, 1], true],
    [{ ToleratedFailurePercentage: 49 }, [0, 1], false],
    [{ ToleratedFailureCount: 2, ToleratedFailurePercentage: 10 }, [0, 1, 1], false],
    [{ ToleratedFailureCount: 1, ItemBatcher: { MaxItemsPerBatch: 2 } }, [0, 0], true],
  ])('with %j and %j succeeds: %s', async (more, input, succeeds) => {
    const run = await runMap(more, input, undefined, someFail);
    if (succeeds) expect(run.status).toBe('SUCCEEDED');
    else {
      const cause = 'The specified tolerated failure threshold was exceeded';
      expect(run).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold', cause });
      expect(typesOf(run.view).slice(3)).toEqual([
        'MapRunStarted',
        'MapRunFailed',
        'MapStateFailed',
        'ExecutionFailed',
      ]);
    }
  });

  it('tolerates what no Catch of a child could catch, but not a call without an answer', async () => {
    const I = { ...end, Output: '{% $states.input.gone %}' };
    const runtime = { Type: 'Pass', QueryLanguage: 'JSONPath', Parameters: { 'x.$': '$.gone' }, End: true };
    const machine = (state: object) => jsonpath({ A: map({ ToleratedFailureCount: 1 }, { I: state }) });
    expect((await runMachine(machine(runtime), { input: [{}] })).output).toMatchObject([{ Error: 'States.Runtime' }]);
    expect((await runMap({ ToleratedFailureCount: 1 }, [1], undefined, { I })).status).toBe('SUCCEEDED');
    const call = async () => {
      throw new Error('The world does not describe lambda:Invoke');
    };
    const run = await runMap({ ToleratedFailureCount: 1 }, [1], call, { I: invoke() });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('may be caught, and its children retry by themselves', async () => {
    const I = invoke({ Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1 }], Output: 'ok' });
    expect((await runMap({}, [1], functionAnswers(anError('Boom'), 1), { I })).output).toEqual(['ok']);
    const Catch = [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], Next: 'B' }];
    const states = { A: { ...map({ Catch }, someFail), End: undefined, Next: 'B' }, B: { Type: 'Succeed' } };
    expect((await runMachine(jsonata(states), { input: [0] })).status).toBe('SUCCEEDED');
  });
});

group('ItemBatcher', () => {
  it.each<[object, unknown]>([
    [{ MaxItemsPerBatch: 2 }, [{ Items: [1, 2] }, { Items: [3] }]],
    [{ MaxItemsPerBatch: '{% 3 %}', BatchInput: { n: '{% 1 + 1 %}' } }, [{ BatchInput: { n: 2 }, Items: [1, 2, 3] }]],
    [{ MaxInputBytesPerBatch: 15 }, [{ Items: [1, 2] }, { Items: [3] }]],
    [{ MaxInputBytesPerBatch: 14 }, [{ Items: [1] }, { Items: [2] }, { Items: [3] }]],
  ])('%j makes %j', async (ItemBatcher, expected) => {
    expect((await runMap({ ItemBatcher }, [1, 2, 3])).output).toEqual(expected);
  });

  it('names an expression that gives no whole number as other fields do', async () => {
    expect(await runMap({ ItemBatcher: { MaxItemsPerBatch: "{% 'x' %}" } }, [1])).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("The JSONata expression ''x'' specified for the field 'ItemBatcher/Max"),
    });
  });

  it('comes after ItemSelector, and may take its limits from paths', async () => {
    const A = map({
      ItemsPath: '$.items',
      ItemSelector: { 'v.$': '$$.Map.Item.Value' },
      ItemBatcher: { MaxItemsPerBatchPath: '$.n', BatchInput: { 'n.$': '$.n' } },
    });
    const run = (n: unknown) => runMachine(jsonpath({ A }), { input: { items: ['a', 'b'], n } });
    expect((await run(2)).output).toEqual([{ BatchInput: { n: 2 }, Items: [{ v: 'a' }, { v: 'b' }] }]);
    expect(await run('x')).toMatchObject({
      error: 'States.Runtime',
      cause: expect.stringContaining(
        'The MaxItemsPerBatchPath field refers to value "x" which is not a valid integer: $.n',
      ),
    });
  });
});

group('ItemReader', () => {
  const read = (config: object, Body: unknown, input: object = {}) => {
    const Parameters = { Bucket: 'b', Key: 'k' };
    const ItemReader = { Resource: 'arn:aws:states:::s3:getObject', Parameters, ReaderConfig: config };
    return runMachine(jsonpath({ A: map({ ItemReader }) }), { input, answer: async () => ({ Body }) });
  };
  const CSV = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };

  it.each<[object, unknown, unknown]>([
    [{ InputType: 'JSON' }, '[1,{"a":2}]', [1, { a: 2 }]],
    [{ InputType: 'JSON' }, [1, 2], [1, 2]],
    [{ InputType: 'JSON', ItemsPointer: '/a/b~1c' }, '{"a":{"b/c":[1]}}', [1]],
    [{ InputType: 'JSONL' }, '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    [
      CSV,
      'A,B\n1,2\n"x, ""y""",\n',
      [
        { A: '1', B: '2' },
        { A: 'x, "y"', B: '' },
      ],
    ],
    [CSV, 'A,,\r\n1,2,3\r\n', [{ A: '1', '': '2' }]],
    [{ ...CSV, CSVDelimiter: 'PIPE' }, 'A|B\n1|2', [{ A: '1', B: '2' }]],
    [{ InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['H'] }, '1,2\n3', [{ H: '1' }, { H: '3' }]],
    [{ ...CSV, MaxItems: 1 }, 'A\n1\n2', [{ A: '1' }]],
    [{ ...CSV, MaxItems: 0 }, 'A\n1\n2', [{ A: '1' }, { A: '2' }]],
  ])('%j reads %j as %j', async (config, body, expected) => {
    const { output, view } = await read(config, body);
    expect(output).toEqual(expected);
    expect(view.history[2]).toMatchObject({ mapStateStartedEventDetails: { length: 0 } });
  });

  it.each<[object, unknown, object, string]>([
    [{ InputType: 'JSON' }, '{"a":1}', {}, 'Attempting to map over non-iterable node.'],
    [{ InputType: 'JSON' }, '{', {}, 'The content is not valid JSON'],
    [CSV, 'A,A\n1,2', {}, 'CSV headers cannot contain duplicates.'],
    [{ ...CSV, MaxItemsPath: '$.n' }, 'A\n1', { n: -1 }, 'field MaxItems must be positive'],
  ])('%j fails for %j and %j', async (config, body, input, cause) => {
    const run = await read(config, body, input);
    expect(run).toMatchObject({ error: 'States.ItemReaderFailed', cause: expect.stringContaining(cause) });
    expect(typesOf(run.view).slice(3)).toEqual(['MapRunStarted', 'MapRunFailed', 'MapStateFailed', 'ExecutionFailed']);
  });

  it('lists the objects of a bucket, page by page', async () => {
    const answer: CallAws = async ({ input }) =>
      input['ContinuationToken'] === 't'
        ? { Contents: [{ Key: 'b' }] }
        : { Contents: [{ Key: 'a' }], NextContinuationToken: 't' };
    const ItemReader = { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: { Bucket: 'b' } };
    expect((await runMap({ ItemReader }, {}, answer)).output).toEqual([{ Key: 'a' }, { Key: 'b' }]);
  });

  it('fails with what S3 said', async () => {
    const answer: CallAws = async () => {
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    };
    const ReaderConfig = { InputType: 'JSON' };
    const ItemReader = {
      Resource: 'arn:aws:states:::s3:getObject',
      Arguments: { Bucket: 'b', Key: 'k' },
      ReaderConfig,
    };
    expect(await runMap({ ItemReader }, {}, answer)).toMatchObject({
      error: 'States.ItemReaderFailed',
      cause: 'The specified key does not exist.',
    });
  });
});

group('validateDefinition of a distributed Map', () => {
  const problemsOf = (A: object, type: 'STANDARD' | 'EXPRESS' = 'STANDARD') =>
    validateDefinition(JSON.stringify(jsonata({ A })), type).map(({ path, message }) => `${path}: ${message}`);
  const token = invoke({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' });
  const reader = (ReaderConfig: object) => ({
    ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: { Bucket: 'b', Key: 'k' }, ReaderConfig },
  });

  it.each<[string, object, string]>([
    [
      'no ExecutionType',
      { ...map(), ItemProcessor: { ...distributed(), ProcessorConfig: { Mode: 'DISTRIBUTED' } } },
      '/States/A/ItemProcessor/ProcessorConfig: These fields are required: [ExecutionType]',
    ],
    [
      'a token in an Express child',
      { ...map(), ItemProcessor: distributed({ I: token }, 'EXPRESS') },
      "/States/A/ItemProcessor/States/I/Resource: Express state machine does not support '.waitForTaskToken'",
    ],
    ['a long Label', map({ Label: 'x'.repeat(41) }), '/States/A/Label: Label must have 1 to 40 characters'],
    ['a Label with a space', map({ Label: 'a b' }), '/States/A/Label: Label must have'],
    ['an empty ItemBatcher', map({ ItemBatcher: {} }), '/States/A/ItemBatcher: One of these fields is required'],
    ['batches of none', map({ ItemBatcher: { MaxItemsPerBatch: 0 } }), '/States/A/ItemBatcher/MaxItemsPerBatch: '],
    ['large batches', map({ ItemBatcher: { MaxInputBytesPerBatch: 262_145 } }), '/States/A/ItemBatcher/MaxInputBytes'],
    ['a reader of nothing', map({ ItemReader: {} }), '/States/A/ItemReader: These fields are required: [Resource]'],
    [
      'a reader of something else',
      map({ ItemReader: { Resource: 'arn:aws:states:::lambda:invoke' } }),
      '/States/A/ItemReader/Resource: Value is not a valid resource ARN',
    ],
    ['CSV without headers', map(reader({ InputType: 'CSV' })), 'These fields are required: [CSVHeaderLocation]'],
    ['an unknown input', map(reader({ InputType: 'XML' })), '/States/A/ItemReader/ReaderConfig/InputType: The field'],
    ['input it lacks', map(reader({ InputType: 'PARQUET' })), 'The sandbox does not support the input type PARQUET.'],
    [
      'a batcher in an inline Map',
      { ...map({ ItemBatcher: { MaxItemsPerBatch: 1 } }), ItemProcessor: { StartAt: 'I', States: { I: end } } },
      "/States/A/ItemBatcher: Field 'ItemBatcher' is only supported in DISTRIBUTED mode",
    ],
    ['a broken expression', map({ ItemBatcher: { MaxItemsPerBatch: '{% ( %}' } }), '/States/A/ItemBatcher/MaxItems'],
  ])('refuses %s', (_, A, problem) => {
    expect(problemsOf(A)).toContainEqual(expect.stringContaining(problem));
  });

  it('refuses it in an Express machine, and takes it in a Standard one', () => {
    expect(problemsOf(map())).toEqual([]);
    expect(problemsOf(map(), 'EXPRESS')).toEqual([
      '/States/A: Express state machine does not support DISTRIBUTED mode',
    ]);
  });
});
