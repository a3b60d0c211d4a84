import { describe, expect, it } from 'vitest';
import { withPlainError } from '../../../functions/domain/error-text.ts';

const ofLambda = JSON.stringify({
  errorType: 'StartRefusedError',
  errorMessage: 'The kill switch "global" is on.',
  trace: ['StartRefusedError: The kill switch is on.', '    at u24 (/var/task/index.mjs:69:33812)'],
});
const caught = JSON.stringify({ Error: 'StartRefusedError', Cause: ofLambda });
const ofExecution = JSON.stringify({
  Error: 'States.TaskFailed',
  Cause: JSON.stringify({ Cause: ofLambda, Error: 'StartRefusedError', Input: '{"Cause":"of another"}' }),
});

describe('withPlainError', () => {
  it.each([
    ['a function’s error', ofLambda],
    ['an error that a state machine caught', caught],
    ['the end of an execution', ofExecution],
  ])('says what %s says, without its stack', (_what, error) => {
    expect(withPlainError(`It said: ${error}`)).toBe('It said: The kill switch "global" is on.');
  });

  it.each([
    ['in the stack', ofLambda.slice(0, -20), 'The kill switch "global" is on.'],
    ['in the message', ofLambda.slice(0, ofLambda.indexOf('switch')), 'The kill '],
    ['within an escape', ofLambda.slice(0, ofLambda.indexOf('\\"') + 1), 'The kill switch '],
    ['in the stack within a cause', caught.slice(0, -20), 'The kill switch "global" is on.'],
  ])('says as much where it was cut %s', (_where, error, said) => {
    expect(withPlainError(error)).toBe(said);
  });

  it.each([
    'Failed: {"errorMessage":"disk\nC:\\Data is full"}',
    'Failed: {"errorMessage":"C:\\Windows',
    'Failed: {"errorMessage":"a"} and then this was said',
    'The step Restart failed.',
    'It gave {"State":"stopped"}.',
    '{"',
    '{"errorMessage":7}',
    '',
  ])('leaves %j as it is', (text) => {
    expect(withPlainError(text)).toBe(text);
  });
});
