import { describe, expect, it } from 'vitest';
import { Automation } from '../../../functions/adapters/automation.ts';
import { awsAnswers } from './aws-answers.ts';

function look(execution: object) {
  return new Automation(awsAnswers({ GetAutomationExecutionCommand: { AutomationExecution: execution } })).look('a-1');
}

describe('look', () => {
  it.each([
    ['InProgress', 'going'],
    ['Success', 'succeeded'],
    ['CompletedWithFailure', 'failed'],
    ['TimedOut', 'failed'],
    ['SomethingNew', 'going'],
  ])('takes %s for %s', async (AutomationExecutionStatus, state) => {
    expect(await look({ AutomationExecutionStatus })).toMatchObject({ state, status: AutomationExecutionStatus });
  });

  it('says what went wrong', async () => {
    const execution = { AutomationExecutionStatus: 'Failed', FailureMessage: 'Step fails' };
    expect(await look(execution)).toEqual({ state: 'failed', status: 'Failed', message: 'Step fails' });
    const telling = { ...execution, FailureMessage: 'Step fails: password=hunter2secret' };
    expect(await look(telling)).toMatchObject({ message: 'Step fails: password=[redacted]' });
  });

  it('tells what the document gives out in a line, cut, and without what looks like a secret', async () => {
    const Outputs = {
      'snapshot.Ids': ['snap-1', 'snap-2'],
      'key.Secret': ['AKIAIOSFODNN7EXAMPLE'],
      'long.Text': ['a'.repeat(2000)],
    };
    const { outputs = '' } = await look({ AutomationExecutionStatus: 'Success', Outputs });
    expect(outputs).toMatch(/^snapshot\.Ids: snap-1, snap-2; key\.Secret: /);
    expect(outputs).not.toContain('AKIA');
    expect(outputs).toHaveLength(1000);
  });
});
