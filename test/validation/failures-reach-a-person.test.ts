import { describe, expect, it } from 'vitest';
import { listStates, readScope } from '../../sandbox/states/rules/site.ts';
import type { RunbookSource } from '../../validation/runbook-source.ts';
import { failuresReachAPerson } from '../../validation/rules/failures-reach-a-person.ts';
import { SourceFile } from '../../infra/config/source-file.ts';

const call = (arguments_: object, more: object = { End: true }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: arguments_,
  ...more,
});
const person = { FunctionName: '${CallPersonFunctionArn}' };
const look = (caught: string) =>
  call(
    { FunctionName: '${DiagnoseFunctionArn}' },
    { Catch: [{ ErrorEquals: ['States.ALL'], Next: caught }], End: true },
  );
const pass = (next: string) => ({ Type: 'Pass', Next: next });

async function silentIn(states: object): Promise<string[]> {
  const body = { QueryLanguage: 'JSONata' as const, StartAt: 'Look', States: states };
  const definition = new SourceFile(JSON.stringify(body), 'definition.asl.json');
  const machine = readScope(JSON.parse(definition.text));
  const source = { definition, machine, states: listStates(machine) } as unknown as RunbookSource;
  const facts = { root: '', substitutions: [], diagnostics: [], awsDocuments: new Map() };
  return (await failuresReachAPerson.check(source, facts)).map(({ message }) => message);
}

describe('failures-reach-a-person', () => {
  it.each<[string, object]>([
    ['call-person', { Look: look('Call'), Call: call(person) }],
    [
      'the high urgency topic',
      {
        Look: look('Tell'),
        Tell: call({ TopicArn: '${HighUrgencyTopicArn}' }, { Resource: 'arn:aws:states:::sns:publish', End: true }),
      },
    ],
    [
      'remediate, when its end is awaited',
      {
        Look: look('Repair'),
        Repair: call(
          { StateMachineArn: '${RemediateMachineArn}' },
          { Resource: 'arn:aws:states:::states:startExecution.sync:2', End: true },
        ),
      },
    ],
    ['call-person behind others', { Look: look('Note'), Note: pass('Call'), Call: call(person) }],
    [
      'a Fail, where telling itself failed',
      { Look: { ...call(person), Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Fail' }] }, Fail: { Type: 'Fail' } },
    ],
    [
      'call-person behind the Parallel that holds it',
      {
        Look: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'Read', States: { Read: look('Note'), Note: { Type: 'Pass', End: true } } }],
          Next: 'Call',
        },
        Call: call(person),
      },
    ],
    [
      'call-person by the Catch of the Parallel whose branch fails',
      {
        Look: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'Read', States: { Read: look('Fail'), Fail: { Type: 'Fail' } } }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Call' }],
          End: true,
        },
        Call: call(person),
      },
    ],
  ])('takes %s', async (_what, states) => {
    expect(await silentIn(states)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['an end', { Look: look('Note'), Note: { Type: 'Succeed' } }, 'Note'],
    ['a Fail, which only respond would report', { Look: look('Stop'), Stop: { Type: 'Fail' } }, 'Stop'],
    [
      'one way out of a Choice',
      {
        Look: look('Decide'),
        Decide: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Call' }], Default: 'Leave' },
        Call: call(person),
        Leave: { Type: 'Succeed' },
      },
      'Leave',
    ],
    [
      'the end of the Parallel that holds it',
      {
        Look: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'Read', States: { Read: look('Note'), Note: { Type: 'Pass', End: true } } }],
          End: true,
        },
      },
      'Look',
    ],
    [
      'remediate that nobody waits for',
      {
        Look: look('Repair'),
        Repair: call(
          { StateMachineArn: '${RemediateMachineArn}' },
          { Resource: 'arn:aws:states:::states:startExecution', End: true },
        ),
      },
      'Repair',
    ],
  ])('refuses %s', async (_what, states, end) => {
    expect(await silentIn(states)).toEqual([expect.stringContaining(`ends at ${end} without anybody being told`)]);
  });
});
