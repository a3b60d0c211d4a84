import { describe as group, expect, it } from 'vitest';
import { validateDefinition } from '../../../sandbox/states/validate.ts';
import { jsonata, jsonpath } from './machines.ts';

const end = { Type: 'Pass', End: true };
const task = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  End: true,
  ...more,
});
const pathTask = (more: object = {}) => ({
  ...task(),
  Arguments: undefined,
  Parameters: { FunctionName: 'f' },
  ...more,
});
const choice = (rule: object, more: object = {}) => ({ A: { Type: 'Choice', Choices: [rule], ...more }, B: end });
const map = (more: object = {}) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'I', States: { I: end } },
  End: true,
  ...more,
});
const distributed = {
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
    StartAt: 'I',
    States: { I: end },
  },
};
const parallel = (...states: object[]) => ({
  Type: 'Parallel',
  Branches: states.map((one) => ({ StartAt: Object.keys(one)[0], States: one })),
  End: true,
});
const problemsOf = (definition: unknown, type: 'STANDARD' | 'EXPRESS' = 'STANDARD') =>
  validateDefinition(typeof definition === 'string' ? definition : JSON.stringify(definition), type);

group('validateDefinition', () => {
  it.each<[string, unknown]>([
    ['a Pass', jsonata({ A: end })],
    [
      'Comment anywhere',
      jsonata({ A: { ...task({ Retry: [{ ErrorEquals: ['E'], Comment: 'c' }] }), Comment: 'c' } }, 'A', {
        Comment: 'c',
        Version: '1.0',
      }),
    ],
    ['a comment that looks like an expression', jsonata({ A: { ...end, Comment: '{% this is' } })],
    ['a constant Condition', jsonata(choice({ Condition: true, Next: 'B' }))],
    ['a Choice without Default', jsonata(choice({ Condition: '{% true %}', Next: 'B', Output: 1, Assign: { a: 1 } }))],
    ['End false beside Next', jsonata({ A: { Type: 'Pass', Next: 'B', End: false }, B: end })],
    ['names of eighty characters', jsonata({ ['n'.repeat(80)]: end }, 'n'.repeat(80))],
    ['a path after a step without a name', jsonata({ A: { ...end, Output: '{% $states.input.list[x > 1].y %}' } })],
    [
      'a context inside functions of a path',
      jsonata({ A: { ...end, Output: '{% $states.input.names.$uppercase($) %}' } }),
    ],
    [
      'lambdas, blocks and bindings',
      jsonata({ A: { ...end, Output: '{% ($f := function($v, $i) { $v.a + $i }; $map($states.input, $f)) %}' } }),
    ],
    ['focus and index bindings', jsonata({ A: { ...end, Output: '{% $states.input.a@$e#$i.{"e": $e, "i": $i} %}' } })],
    ['built-in functions as values', jsonata({ A: { ...end, Output: '{% $map($states.input, $uppercase) %}' } })],
    ['a function that does not exist, which fails when it runs', jsonata({ A: { ...end, Output: '{% $foo(1) %}' } })],
    ['a variable that is only asked for', jsonata({ A: { ...end, Output: '{% $exists($x) ? $x : 0 %}' } })],
    [
      'a variable assigned in a catcher',
      jsonata({
        A: task({ Catch: [{ ErrorEquals: ['E'], Assign: { e: 1 }, Next: 'B' }] }),
        B: { ...end, Output: '{% $e %}' },
      }),
    ],
    [
      'a variable of a JSONPath state',
      jsonpath({
        A: { Type: 'Pass', Assign: { 'x.$': '$.x' }, Next: 'B' },
        B: { ...end, QueryLanguage: 'JSONata', Output: '{% $x %}' },
      }),
    ],
    [
      'the result of a task',
      jsonata({ A: task({ Output: '{% $states.result %}', Assign: { r: '{% $states.result.a %}' } }) }),
    ],
    [
      'the error in a catcher',
      jsonata({
        A: task({ Catch: [{ ErrorEquals: ['E'], Output: '{% $states.errorOutput.Error %}', Next: 'B' }] }),
        B: end,
      }),
    ],
    [
      'the same name in branches',
      jsonata({ A: parallel({ B: { ...end, Assign: { x: 1 } } }, { C: { ...end, Assign: { x: 2 } } }) }),
    ],
    [
      'an inner name that is assigned around it only later',
      jsonata({ A: { ...parallel({ B: { ...end, Assign: { x: 1 } } }), Assign: { x: 1 } } }),
    ],
    ['heartbeats shorter than the timeout', jsonata({ A: task({ TimeoutSeconds: 10, HeartbeatSeconds: 9 }) })],
    ['times as expressions', jsonata({ A: task({ TimeoutSeconds: '{% 10 %}', HeartbeatSeconds: '{% 20 %}' }) })],
    [
      'a retrier with everything',
      jsonata({
        A: task({
          Retry: [
            {
              ErrorEquals: ['A', 'B'],
              IntervalSeconds: 1,
              MaxAttempts: 0,
              BackoffRate: 1,
              MaxDelaySeconds: 1,
              JitterStrategy: 'FULL',
            },
            { ErrorEquals: ['States.ALL'] },
          ],
        }),
      }),
    ],
    ['parameters that are only known later', jsonata({ A: task({ Arguments: '{% $states.input %}' }) })],
    [
      'a Map with Iterator',
      jsonpath({ A: { ...map(), ItemProcessor: undefined, Iterator: { StartAt: 'I', States: { I: end } } } }),
    ],
    [
      'a Map with everything',
      jsonata({
        A: map({
          Items: '{% $states.input %}',
          ItemSelector: {},
          MaxConcurrency: 2,
          ToleratedFailureCount: 1,
          ToleratedFailurePercentage: 5.5,
        }),
      }),
    ],
    [
      'JSONPath fields',
      jsonpath({
        A: pathTask({
          InputPath: '$.a',
          OutputPath: null,
          ResultSelector: { 'a.$': '$.b' },
          ResultPath: '$.c.d[0]',
          TimeoutSecondsPath: '$.t',
        }),
      }),
    ],
    [
      'intrinsic functions',
      jsonpath({
        A: {
          ...end,
          Parameters: { 'a.$': "States.Format('\\'{}\\' {}', $.x, States.Array($$.Execution.Id, 1, null, true))" },
        },
      }),
    ],
    [
      'filters and descents',
      jsonpath({
        A: { ...end, Parameters: { 'a.$': "$..book[?(@.price < 10 && @.name == 'x')].title", 'b.$': "$['a b'][-1]" } },
      }),
    ],
    [
      'JSONPath choices',
      jsonpath(
        choice({
          And: [{ Variable: '$.a', IsPresent: true }, { Not: { Variable: '$.b', StringMatches: 'a*' } }],
          Next: 'B',
        }),
      ),
    ],
    [
      'a function by its ARN, with an alias',
      jsonata({ A: task({ Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f:live' }) }),
    ],
    [
      'the AWS SDK, waiting for a token',
      jsonata({
        A: task({ Resource: 'arn:aws:states:::aws-sdk:ssm:startAutomationExecution.waitForTaskToken', Arguments: {} }),
      }),
    ],
    ['another partition', jsonata({ A: task({ Resource: 'arn:aws-us-gov:states:::lambda:invoke' }) })],
  ])('takes %s', (_, definition) => {
    expect(problemsOf(definition)).toEqual([]);
  });

  it.each<[string, unknown, string, string]>([
    ['text that is no JSON', '{', '/', 'JSON'],
    ['JSON that is no object', '[]', '/', 'Definition must be a valid JSON object'],
    [
      'more than a mebibyte',
      JSON.stringify(jsonata({ A: { ...end, Comment: 'x'.repeat(1_048_576) } })),
      '/',
      'exceeds 1048576 bytes',
    ],
    [
      'a name twice in one object',
      '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","End":true},"B":{"Type":"Succeed"}}}',
      '/States/B',
      "Duplicate field 'B'",
    ],
    [
      'a name twice inside an array',
      '{"StartAt":"A","States":{"A":{"Type":"Pass","Result":[1,{"a":"x,{\\"","a":2}],"End":true}}}',
      '/States/A/Result[1]/a',
      "Duplicate field 'a'",
    ],
    ['neither StartAt nor States', {}, '/', 'These fields are required: [States, StartAt]'],
    ['no states', { StartAt: 'A', States: {} }, '/States', 'Value cannot be empty'],
    ['an unknown field of the machine', jsonata({ A: end }, 'A', { Foo: 1 }), '/Foo', "Field 'Foo' is not supported"],
    [
      'an unknown language',
      jsonata({ A: end }, 'A', { QueryLanguage: 'SQL' }),
      '/QueryLanguage',
      '[JSONPath, JSONata]',
    ],
    ['a timeout of the machine of 0', jsonata({ A: end }, 'A', { TimeoutSeconds: 0 }), '/TimeoutSeconds', 'between 1'],
    ['an unknown StartAt', jsonata({ A: end }, 'X'), '/StartAt', "Missing 'Next' target: X"],
    [
      'an unknown Next',
      jsonata({ A: { Type: 'Pass', Next: 'X' }, B: end }),
      '/States/A/Next',
      "Missing 'Next' target: X",
    ],
    [
      'an unknown Default',
      jsonata(choice({ Condition: true, Next: 'B' }, { Default: 'X' })),
      '/States/A/Default',
      "Missing 'Next' target: X",
    ],
    [
      'an unknown Next of a rule',
      jsonata(choice({ Condition: true, Next: 'X' }, { Default: 'B' })),
      '/States/A/Choices[0]/Next',
      "Missing 'Next' target: X",
    ],
    [
      'an unknown Next of a catcher',
      jsonata({ A: task({ Catch: [{ ErrorEquals: ['E'], Next: 'X' }] }) }),
      '/States/A/Catch[0]/Next',
      "Missing 'Next' target: X",
    ],
    [
      'a transition out of a branch',
      jsonata({ A: { ...parallel({ I: { Type: 'Pass', Next: 'B' }, J: end }), End: undefined, Next: 'B' }, B: end }),
      '/States/A/Branches[0]/States/I/Next',
      "Missing 'Next' target: B",
    ],
    ['an unreachable state', jsonata({ A: end, B: end }), '/States/B', 'State "B" is not reachable.'],
    [
      'an unreachable loop',
      jsonata({ A: end, B: { Type: 'Pass', Next: 'C' }, C: { Type: 'Pass', Next: 'B' } }),
      '/States/C',
      'State "C" is not reachable.',
    ],
    [
      'an unreachable state in a processor',
      jsonata({ A: map({ ItemProcessor: { StartAt: 'I', States: { I: end, J: end } } }) }),
      '/States/A/ItemProcessor/States/J',
      'is not reachable.',
    ],
    [
      'no end',
      jsonata({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
      '/',
      'Workflow has no terminal state',
    ],
    [
      'neither Next nor End',
      jsonata({ A: { Type: 'Pass' }, B: end }),
      '/States/A',
      'One of these fields is required: [Next, End]',
    ],
    [
      'both Next and End',
      jsonata({ A: { Type: 'Pass', Next: 'B', End: true }, B: end }),
      '/States/A',
      'Only one of these fields is allowed: [Next, End]',
    ],
    [
      'a Succeed that goes on',
      jsonata({ A: { Type: 'Succeed', Next: 'A' } }),
      '/States/A/Next',
      "Field 'Next' is not supported",
    ],
    [
      'a Choice that ends',
      jsonata(choice({ Condition: true, Next: 'B' }, { End: true })),
      '/States/A/End',
      "Field 'End' is not supported",
    ],
    [
      'a name of 81 characters',
      jsonata({ ['n'.repeat(81)]: end }, 'n'.repeat(81)),
      `/States/${'n'.repeat(81)}`,
      '1 to 80 characters',
    ],
    ['a name used twice', jsonata({ A: parallel({ A: end }) }), '/States/A/Branches[0]/States/A', 'must be unique'],
    ['no Type', jsonata({ A: { End: true } }), '/States/A', 'These fields are required: [Type]'],
    [
      'an unknown Type',
      jsonata({ A: { Type: 'Foo', End: true } }),
      '/States/A/Type',
      'should have one of these values',
    ],
    ['an unknown field', jsonata({ A: { ...end, Foo: 1 } }), '/States/A/Foo', "Field 'Foo' is not supported"],
    ['Retry on a Pass', jsonata({ A: { ...end, Retry: [] } }), '/States/A/Retry', "Field 'Retry' is not supported"],
    [
      'TimeoutSeconds on a Map',
      jsonata({ A: map({ TimeoutSeconds: 5 }) }),
      '/States/A/TimeoutSeconds',
      "Field 'TimeoutSeconds' is not supported",
    ],
    [
      'QueryLanguage of a processor',
      jsonata({ A: map({ ItemProcessor: { QueryLanguage: 'JSONata', StartAt: 'I', States: { I: end } } }) }),
      '/States/A/ItemProcessor/QueryLanguage',
      "Field 'QueryLanguage' is not supported",
    ],
    [
      'InputPath in JSONata',
      jsonata({ A: { ...end, InputPath: '$' } }),
      '/States/A/InputPath',
      "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage",
    ],
    ['Result in JSONata', jsonata({ A: { ...end, Result: 1 } }), '/States/A/Result', 'only supported for the'],
    [
      'Output in JSONPath',
      jsonpath({ A: { ...end, Output: 1 } }),
      '/States/A/Output',
      "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
    ],
    [
      'Output inside a JSONata Map of a JSONPath machine',
      jsonpath({
        A: {
          ...map({ ItemProcessor: { StartAt: 'I', States: { I: { ...end, Output: 1 } } } }),
          QueryLanguage: 'JSONata',
        },
      }),
      '/States/A/ItemProcessor/States/I/Output',
      'only supported for the',
    ],
    [
      'JSONPath in a JSONata machine',
      jsonata({ A: { ...end, QueryLanguage: 'JSONPath' } }),
      '/States/A/QueryLanguage',
      "can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    ],
    [
      'an empty Choices',
      jsonata({ A: { Type: 'Choice', Choices: [], Default: 'B' }, B: end }),
      '/States/A/Choices',
      'Value cannot be empty',
    ],
    [
      'a rule without Condition',
      jsonata(choice({ Next: 'B' })),
      '/States/A/Choices[0]',
      'These fields are required: [Condition]',
    ],
    [
      'a Condition that is no expression',
      jsonata(choice({ Condition: 'true', Next: 'B' })),
      '/States/A/Choices[0]/Condition',
      'must be a boolean or a JSONata expression',
    ],
    [
      'a rule without Next',
      jsonata(choice({ Condition: true }, { Default: 'B' })),
      '/States/A/Choices[0]',
      'These fields are required: [Next]',
    ],
    [
      'a Variable in JSONata',
      jsonata(choice({ Condition: true, Variable: '$.a', Next: 'B' })),
      '/States/A/Choices[0]/Variable',
      'is not supported',
    ],
    [
      'two operators',
      jsonpath(choice({ Variable: '$.a', IsNull: true, NumericEquals: 1, Next: 'B' })),
      '/States/A/Choices[0]',
      'Exactly one comparison operator',
    ],
    [
      'Next inside And',
      jsonpath(choice({ And: [{ Variable: '$.a', IsNull: true, Next: 'B' }], Next: 'B' })),
      '/States/A/Choices[0]/And[0]/Next',
      'is not supported',
    ],
    [
      'an operand of another type',
      jsonpath(choice({ Variable: '$.a', NumericEquals: '1', Next: 'B' })),
      '/States/A/Choices[0]/NumericEquals',
      'Expected value of type Number',
    ],
    [
      'a timestamp that is none',
      jsonpath(choice({ Variable: '$.a', TimestampEquals: '2020', Next: 'B' })),
      '/States/A/Choices[0]/TimestampEquals',
      'RFC3339',
    ],
    [
      'a Wait for nothing',
      jsonata({ A: { Type: 'Wait', End: true } }),
      '/States/A',
      'Exactly one of these fields is required',
    ],
    [
      'a Wait for two things',
      jsonata({ A: { Type: 'Wait', Seconds: 1, Timestamp: '2020-01-01T00:00:00Z', End: true } }),
      '/States/A',
      'Exactly one of these fields is required',
    ],
    ['a negative Wait', jsonata({ A: { Type: 'Wait', Seconds: -1, End: true } }), '/States/A/Seconds', 'between 0'],
    [
      'a Timestamp that is none',
      jsonata({ A: { Type: 'Wait', Timestamp: '2020-01-01 00:00:00Z', End: true } }),
      '/States/A/Timestamp',
      'String does not match RFC3339 timestamp',
    ],
    [
      'a Timestamp of a day that does not exist',
      jsonata({ A: { Type: 'Wait', Timestamp: '2023-02-29T00:00:00Z', End: true } }),
      '/States/A/Timestamp',
      'String does not match RFC3339 timestamp',
    ],
    [
      'Error and ErrorPath',
      jsonpath({ A: { Type: 'Fail', Error: 'E', ErrorPath: '$.e' } }),
      '/States/A',
      'Only one of these fields is allowed: [Error, ErrorPath]',
    ],
    [
      'no branches',
      jsonata({ A: { Type: 'Parallel', Branches: [], End: true } }),
      '/States/A/Branches',
      'Value cannot be empty',
    ],
    [
      'no processor',
      jsonata({ A: { Type: 'Map', End: true } }),
      '/States/A',
      'These fields are required: [ItemProcessor]',
    ],
    [
      'too much tolerance',
      jsonata({ A: map({ ToleratedFailurePercentage: 101 }) }),
      '/States/A/ToleratedFailurePercentage',
      'between 0 and 100',
    ],
    ['no Resource', jsonata({ A: { Type: 'Task', End: true } }), '/States/A', 'These fields are required: [Resource]'],
    [
      'a Resource that is no ARN',
      jsonata({ A: task({ Resource: 'f' }) }),
      '/States/A/Resource',
      'The resource provided f is not recognized.',
    ],
    [
      'an integration that AWS lacks',
      jsonata({ A: task({ Resource: 'arn:aws:states:::dynamodb:query' }) }),
      '/States/A/Resource',
      'is not recognized.',
    ],
    [
      'a pattern that an integration lacks',
      jsonata({ A: task({ Resource: 'arn:aws:states:::sqs:sendMessage.sync' }) }),
      '/States/A/Resource',
      'is not recognized.',
    ],
    [
      'an SDK action in PascalCase',
      jsonata({ A: task({ Resource: 'arn:aws:states:::aws-sdk:ec2:DescribeInstances' }) }),
      '/States/A/Resource',
      'is not recognized.',
    ],
    [
      'a parameter in the case of the SDK',
      jsonata({ A: task({ Arguments: { functionName: 'f' } }) }),
      '/States/A/Arguments',
      "The field 'functionName' is not supported by Step Functions",
    ],
    [
      'a parameter of an SDK with an acronym in capitals',
      jsonata({
        A: task({
          Resource: 'arn:aws:states:::aws-sdk:rds:describeDBInstances',
          Arguments: { DBInstanceIdentifier: 'd' },
        }),
      }),
      '/States/A/Arguments',
      "The field 'DBInstanceIdentifier' is not supported by Step Functions",
    ],
    [
      'a missing parameter',
      jsonpath({ A: pathTask({ Parameters: { 'Payload.$': '$' } }) }),
      '/States/A/Parameters',
      "The field 'FunctionName' is required but was missing",
    ],
    [
      'heartbeats as long as the timeout',
      jsonata({ A: task({ TimeoutSeconds: 10, HeartbeatSeconds: 10 }) }),
      '/States/A/HeartbeatSeconds',
      'must be smaller than TimeoutSeconds',
    ],
    ['a timeout of 0', jsonata({ A: task({ TimeoutSeconds: 0 }) }), '/States/A/TimeoutSeconds', 'between 1'],
    [
      'States.ALL before the last retrier',
      jsonata({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }) }),
      '/States/A/Retry[0]/ErrorEquals',
      'must appear in the last entry',
    ],
    [
      'States.ALL with others',
      jsonata({ A: task({ Catch: [{ ErrorEquals: ['E', 'States.ALL'], Next: 'B' }] }), B: end }),
      '/States/A/Catch[0]/ErrorEquals',
      'must appear alone',
    ],
    [
      'no errors to match',
      jsonata({ A: task({ Retry: [{ ErrorEquals: [] }] }) }),
      '/States/A/Retry[0]/ErrorEquals',
      'Value cannot be empty',
    ],
    [
      'a retrier without errors',
      jsonata({ A: task({ Retry: [{}] }) }),
      '/States/A/Retry[0]',
      'These fields are required: [ErrorEquals]',
    ],
    [
      'an interval of 0',
      jsonata({ A: task({ Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 0 }] }) }),
      '/States/A/Retry[0]/IntervalSeconds',
      'between 1',
    ],
    [
      'a maximum below the interval',
      jsonata({ A: task({ Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 5, MaxDelaySeconds: 4 }] }) }),
      '/States/A/Retry[0]/MaxDelaySeconds',
      'must not be smaller than IntervalSeconds',
    ],
    [
      'a backoff below 1',
      jsonata({ A: task({ Retry: [{ ErrorEquals: ['E'], BackoffRate: 0.9 }] }) }),
      '/States/A/Retry[0]/BackoffRate',
      'at least 1.0',
    ],
    [
      'another jitter',
      jsonata({ A: task({ Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'HALF' }] }) }),
      '/States/A/Retry[0]/JitterStrategy',
      '[FULL, NONE]',
    ],
    [
      'an unknown field of a retrier',
      jsonata({ A: task({ Retry: [{ ErrorEquals: ['E'], Foo: 1 }] }) }),
      '/States/A/Retry[0]/Foo',
      'is not supported',
    ],
    [
      'ResultPath in a JSONata catcher',
      jsonata({ A: task({ Catch: [{ ErrorEquals: ['E'], ResultPath: '$.e', Next: 'B' }] }), B: end }),
      '/States/A/Catch[0]/ResultPath',
      'is not supported',
    ],
    [
      'a variable called states',
      jsonata({ A: { ...end, Assign: { states: 1 } } }),
      '/States/A/Assign/states',
      'is reserved',
    ],
    [
      'part of a variable',
      jsonata({ A: { ...end, Assign: { 'x.y': 1 } } }),
      '/States/A/Assign/x.y',
      'is not a valid variable name',
    ],
    [
      'a variable that begins with a digit',
      jsonata({ A: { ...end, Assign: { '1x': 1 } } }),
      '/States/A/Assign/1x',
      'is not a valid variable name',
    ],
    [
      'a variable of 81 characters',
      jsonata({ A: { ...end, Assign: { ['x'.repeat(81)]: 1 } } }),
      `/States/A/Assign/${'x'.repeat(81)}`,
      'is not a valid variable name',
    ],
    [
      'an outer variable assigned in a branch',
      jsonata({ A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' }, B: parallel({ C: { ...end, Assign: { x: 2 } } }) }),
      '/States/B/Branches[0]/States/C/Assign/x',
      'belongs to an outer scope',
    ],
    [
      'a path that is none',
      jsonpath({ A: { ...end, InputPath: 'a' } }),
      '/States/A/InputPath',
      'Value is not a valid JSONPath',
    ],
    [
      'a result path that is no reference',
      jsonpath({ A: { ...end, ResultPath: '$.a[*]' } }),
      '/States/A/ResultPath',
      'Value is not a Reference Path',
    ],
    [
      'a template field that is no path',
      jsonpath({ A: { ...end, Parameters: { 'a.$': 'b' } } }),
      '/States/A/Parameters/a.$',
      "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
    ],
    [
      'a template field made twice',
      jsonpath({ A: { ...end, Parameters: { a: 1, 'a.$': '$' } } }),
      '/States/A/Parameters/a',
      'must be unique',
    ],
    [
      'an unknown intrinsic function',
      jsonpath({ A: { ...end, Parameters: { 'a.$': 'States.Foo()' } } }),
      '/States/A/Parameters/a.$',
      'there is no function States.Foo',
    ],
    [
      'too few arguments',
      jsonpath({ A: { ...end, Parameters: { 'a.$': 'States.MathAdd(1)' } } }),
      '/States/A/Parameters/a.$',
      'does not take 1 arguments',
    ],
    [
      'eleven functions in one field',
      jsonpath({ A: { ...end, Parameters: { 'a.$': `${'States.Array('.repeat(11)}${')'.repeat(11)}` } } }),
      '/States/A/Parameters/a.$',
      'at most 10 functions may be nested, not 11',
    ],
    [
      'a Cause that is no text',
      jsonpath({ A: { Type: 'Fail', CausePath: 'States.MathAdd(1, 2)' } }),
      '/States/A/CausePath',
      'The intrinsic function States.MathAdd does not give a string',
    ],
    [
      'an escape that is none',
      jsonpath({ A: { ...end, Parameters: { 'a.$': 'States.StringToJson(\'{\\"a\\":1}\')' } } }),
      '/States/A/Parameters/a.$',
      'must be a valid JSONPath',
    ],
  ])('refuses %s', (_, definition, path, message) => {
    expect(problemsOf(definition)).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    );
  });

  it.each<[string, string]>([
    ['{% 1 + %}', 'Unexpected end of expression'],
    ['{% "open %}', 'String literal must be terminated by a matching quote'],
    ['{% $states.result %}', "Field '$states.result' does not exist."],
    ['{% $states.errorOutput.Error %}', "Field '$states.errorOutput' does not exist."],
    ['{% $states.foo %}', "Field '$states.foo' does not exist."],
    ["{% $eval('1') %}", 'Function $eval is not supported.'],
    ['{% $nope + 1 %}', "Variable '$nope' is not defined: no state assigns it."],
    ['{% foo.bar %}', "Reference to 'foo' at the top level is not supported."],
    ['{% $sum(foo) %}', "Reference to 'foo' at the top level is not supported."],
    ['{% function($v) { foo } %}', "Reference to 'foo' at the top level is not supported."],
    ['{% $ %}', "Reference to '$' at the top level is not supported."],
    ['{% $$.a %}', "Reference to '$$' at the top level is not supported."],
    ['{% * %}', "Reference to '*' at the top level is not supported."],
    ['{% 1', 'A JSONata expression begins with {% and ends with %}'],
  ])('refuses the expression %s', (expression, message) => {
    const definition = jsonata({ A: { ...end, Output: { deep: [expression] } } });
    expect(problemsOf(definition)).toEqual([expect.objectContaining({ path: '/States/A/Output/deep[0]', message })]);
  });

  it('looks for expressions in every field that takes them', () => {
    const broken = '{% ( %}';
    const states = {
      A: task({
        Arguments: { FunctionName: broken },
        TimeoutSeconds: broken,
        Assign: { a: broken },
        Catch: [{ ErrorEquals: ['E'], Output: broken, Assign: { b: broken }, Next: 'B' }],
        End: undefined,
        Next: 'B',
      }),
      B: { Type: 'Choice', Choices: [{ Condition: broken, Output: broken, Next: 'C' }], Output: broken, Default: 'C' },
      C: { Type: 'Wait', Seconds: broken, Next: 'D' },
      D: { ...map({ Items: broken, ItemSelector: { x: broken }, MaxConcurrency: broken }), End: undefined, Next: 'E' },
      E: { Type: 'Fail', Error: broken, Cause: broken },
    };
    expect(problemsOf(jsonata(states)).map((problem) => problem.path)).toEqual([
      '/States/A/Arguments/FunctionName',
      '/States/A/TimeoutSeconds',
      '/States/A/Assign/a',
      '/States/A/Catch[0]/Output',
      '/States/A/Catch[0]/Assign/b',
      '/States/B/Output',
      '/States/B/Choices[0]/Condition',
      '/States/B/Choices[0]/Output',
      '/States/C/Seconds',
      '/States/D/Items',
      '/States/D/ItemSelector/x',
      '/States/D/MaxConcurrency',
      '/States/E/Error',
      '/States/E/Cause',
    ]);
  });

  it.each([
    ['states:startExecution.sync', '.sync'],
    ['states:startExecution.sync:2', '.sync'],
    ['sqs:sendMessage.waitForTaskToken', '.waitForTaskToken'],
  ])('refuses %s in an Express machine', (resource, pattern) => {
    const definition = jsonata({
      A: task({ Resource: `arn:aws:states:::${resource}`, Arguments: '{% $states.input %}' }),
    });
    expect(problemsOf(definition)).toEqual([]);
    expect(problemsOf(definition, 'EXPRESS')).toEqual([
      expect.objectContaining({
        path: '/States/A/Resource',
        message: `Express state machine does not support '${pattern}' service integration`,
      }),
    ]);
  });

  it.each<[string, object, string]>([
    ['activities', task({ Resource: 'arn:aws:states:us-east-1:123456789012:activity:a' }), '/States/A/Resource'],
    ['jobs of ECS', task({ Resource: 'arn:aws:states:::ecs:runTask.sync' }), '/States/A/Resource'],
    [
      'a service it has not heard of',
      task({ Resource: 'arn:aws:states:::aws-sdk:quantum:leap' }),
      '/States/A/Resource',
    ],
    ['Credentials', task({ Credentials: { RoleArn: 'r' } }), '/States/A/Credentials'],
    ['results in S3', { ...map(), ...distributed, ResultWriter: {} }, '/States/A/ResultWriter'],
  ])('says that the sandbox lacks %s', (_, A, path) => {
    expect(problemsOf(jsonata({ A }))).toContainEqual(
      expect.objectContaining({ path, code: 'UNSUPPORTED_IN_SANDBOX' }),
    );
  });

  it('says that the sandbox lacks functions in paths', () => {
    const A = { ...end, Parameters: { 'a.$': '$.list.length()' } };
    expect(problemsOf(jsonpath({ A }))).toEqual([
      expect.objectContaining({ path: '/States/A/Parameters/a.$', code: 'UNSUPPORTED_IN_SANDBOX' }),
    ]);
  });

  it('gives every problem at once', () => {
    const definition = jsonata({
      A: { Type: 'Pass', Next: 'X', Foo: 1, Output: '{% $nope %}' },
      B: task({ Resource: 'f' }),
    });
    expect(problemsOf(definition).map((problem) => problem.path)).toEqual([
      '/States/A/Foo',
      '/States/A/Next',
      '/States/B',
      '/States/B/Resource',
      '/States/A/Output',
    ]);
  });
});
