import { describe, expect, it } from 'vitest';
import { parseWorld, WorldDescriptionError } from '../../../sandbox/world/world.ts';

function problemsOf(description: unknown): readonly string[] {
  try {
    parseWorld(description);
  } catch (error) {
    if (error instanceof WorldDescriptionError) return error.problems;
    throw error;
  }
  return [];
}

const answer = { call: 'ec2:DescribeInstances', output: {} };
const event = { source: 'aws.ec2', 'detail-type': 'x', detail: {} };

describe('parseWorld', () => {
  it.each([[{}], [undefined], [null]])('takes %j as a world that answers nothing', (description) => {
    expect(parseWorld(description)).toEqual({
      answers: [],
      commands: [],
      scripts: [],
      jobs: [],
      happenings: [],
      resources: [],
    });
  });

  it('tells every problem at once, each with its path', () => {
    const problems = problemsOf({
      answers: [{ call: 'DescribeInstances', output: {}, extra: 1 }, answer, { ...answer, times: 0 }],
      happening: [],
    });
    expect(problems).toEqual([
      expect.stringMatching(/^answers\[0\]\.call: is not a call/),
      'answers[0].extra: is not a known key',
      expect.stringMatching(/^answers\[2\]\.times: /),
      'happening: is not a known key',
    ]);
  });

  it.each([
    [
      'an answer with output and error',
      { answers: [{ ...answer, error: { code: 'a', message: 'b' } }] },
      /^answers\[0\]: needs exactly one/,
    ],
    ['an answer with neither', { answers: [{ call: 'ec2:StopInstances' }] }, /^answers\[0\]: needs exactly one/],
    [
      'a function error of another call',
      { answers: [{ call: 'ec2:StopInstances', error: { errorType: 'a', errorMessage: 'b' } }] },
      /^answers\[0\]\.error: /,
    ],
    [
      'an unknown key of an error',
      { answers: [{ call: 'ec2:StopInstances', error: { code: 'a', message: 'b', status: 1 } }] },
      /^answers\[0\]\.error\.status: is not a known key/,
    ],
    [
      'a pattern that is none',
      { answers: [{ ...answer, input: { InstanceIds: 'i-1' } }] },
      /^answers\[0\]\.input: is not an event pattern/,
    ],
    ['a resource without an ARN', { resources: [{ arn: 'i-1' }] }, /^resources\[0\]\.arn: is not an ARN/],
    [
      'a resource whose ARN depends on a call',
      { resources: [{ arn: 'arn:aws:ec2:{{region}}:{{account}}:instance/{{input.InstanceId}}' }] },
      /^resources\[0\]\.arn: has the template \{\{input\.InstanceId\}\}/,
    ],
    [
      'an unknown template',
      { answers: [{ ...answer, output: { a: ['{{today}}'] } }] },
      /^answers\[0\]\.output\.a\[0\]: has the template \{\{today\}\}/,
    ],
    [
      'a command that succeeds with an exit code',
      { commands: [{ exitCode: 1, status: 'Success' }] },
      /^commands\[0\]\.status: /,
    ],
    ['a duration that is none', { commands: [{ lasts: '4 seconds' }] }, /^commands\[0\]\.lasts: is not a duration/],
    ['a happening without a moment', { happenings: [{ event }] }, /^happenings\[0\]: needs exactly one of when and at/],
    [
      'a happening with two events',
      { happenings: [{ at: '1s', event, eventFile: 'a.json' }] },
      /^happenings\[0\]: needs exactly one of event/,
    ],
    [
      'a moment that is none',
      { happenings: [{ when: { called: 'ec2:StopInstances' }, event }] },
      /^happenings\[0\]\.when/,
    ],
    ['a list', [], /^world: /],
  ])('refuses %s', (_what, description, problem) => {
    expect(problemsOf(description)).toContainEqual(expect.stringMatching(problem));
  });
});
