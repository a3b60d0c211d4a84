import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../sandbox/aws.ts';
import type { TargetDescription } from '../../../sandbox/events/descriptions.ts';
import {
  anEventBridge,
  aRule,
  aTarget,
  DEAD_LETTER_ARN,
  FUNCTION_ARN,
  putEvents,
  type TargetCall,
} from './an-event-bridge.ts';

const THROTTLED = new AwsError('ThrottlingException', 'Rate exceeded');

async function deliver(target: Partial<TargetDescription>, answer: (call: TargetCall) => void) {
  const { bridge, clock, calls } = anEventBridge({ rules: [aRule({ targets: [aTarget(target)] })] }, answer);
  await bridge.answer(putEvents({}));
  await clock.run();
  const attempts = calls.filter(({ service }) => service === 'lambda');
  return { attempts, calls, failed: bridge.failedDeliveries, faults: bridge.faults() };
}

function failing(error: Error, times = Number.POSITIVE_INFINITY): (call: TargetCall) => void {
  let left = times;
  return ({ service }) => {
    if (service === 'lambda' && left-- > 0) throw error;
  };
}

function attributesOf(call: TargetCall | undefined): unknown {
  const attributes = Object.entries(call?.input['MessageAttributes'] ?? {});
  return Object.fromEntries(
    attributes.map(([name, { DataType, StringValue }]) => [name, `${DataType} ${StringValue}`]),
  );
}

describe('a delivery', () => {
  it.each([
    THROTTLED,
    new AwsError('TooManyRequestsException', 'x', 429),
    new AwsError('ServiceException', 'x', 500),
    new AwsError('InternalError', 'x', 503),
    new AwsError('ExecutionLimitExceeded', 'x'),
  ])('is tried again after $name, each time waiting longer', async (error) => {
    const { attempts, failed } = await deliver({}, failing(error, 4));
    expect(attempts.map(({ afterMs }) => afterMs)).toEqual([0, 1000, 3000, 7000, 15_000]);
    expect(failed).toEqual([]);
  });

  it.each([
    [new AwsError('AccessDeniedException', 'not allowed', 403), 'NO_PERMISSIONS'],
    [new AwsError('ResourceNotFoundException', 'no function', 404), 'NO_RESOURCE'],
    [new AwsError('StateMachineDoesNotExist', 'no machine'), 'NO_RESOURCE'],
    [new AwsError('InvalidRequestContentException', 'bad'), 'SDK_CLIENT_ERROR'],
    [new Error('the world does not describe this call'), 'SDK_CLIENT_ERROR'],
  ])('goes to the dead-letter queue at once after %s', async (error, code) => {
    const { attempts, calls, failed } = await deliver({ deadLetterArn: DEAD_LETTER_ARN }, failing(error));
    expect(attempts).toHaveLength(1);
    expect(calls[1]).toMatchObject({
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead',
        MessageBody: attempts[0]?.input['Payload'],
      },
      principal: { kind: 'service', arn: 'events.amazonaws.com', sourceArn: aRule().arn },
    });
    expect(attributesOf(calls[1])).toEqual({
      RULE_ARN: `String ${aRule().arn}`,
      TARGET_ARN: `String ${FUNCTION_ARN}`,
      ERROR_CODE: `String ${code}`,
      ERROR_MESSAGE: `String ${error.message}`,
      RETRY_ATTEMPTS: 'String 0',
    });
    expect(failed).toMatchObject([{ errorCode: code, deadLetterArn: DEAD_LETTER_ARN, cause: error }]);
  });

  it.each([
    ['the event is lost', {}, new AwsError('ResourceNotFoundException', 'gone', 404), 'NO_RESOURCE'],
    [
      'a dead-letter queue has it',
      { deadLetterArn: DEAD_LETTER_ARN },
      new AwsError('NotFound', 'gone', 404),
      'NO_RESOURCE',
    ],
    ['it is tried again and taken', {}, THROTTLED, 'THROTTLING'],
  ])('that fails at first is one fault, also where %s', async (_then, target, cause, code) => {
    const { faults } = await deliver(target, failing(cause, 2));
    const message = `${FUNCTION_ARN} did not take an event of ${aRule().arn} (${code}: ${cause.message}).`;
    expect(faults).toMatchObject([{ name: 'RefusedEventError', message, cause }]);
  });

  it('that fails otherwise at last than at first is a fault by both', async () => {
    const errors = [THROTTLED, new AwsError('ResourceNotFoundException', 'gone', 404)];
    const { faults } = await deliver({}, ({ service }) => {
      const error = service === 'lambda' ? errors.shift() : undefined;
      if (error) throw error;
    });
    expect(faults.map(({ cause }) => cause)).toMatchObject([{ name: 'ThrottlingException' }, { message: 'gone' }]);
  });

  it('that is taken is no fault', async () => {
    expect((await deliver({}, () => undefined)).faults).toEqual([]);
  });

  it('is given up after the retries its target allows', async () => {
    const target = { maximumRetryAttempts: 2, deadLetterArn: DEAD_LETTER_ARN };
    const { attempts, calls } = await deliver(target, failing(THROTTLED));
    expect(attempts.map(({ afterMs }) => afterMs)).toEqual([0, 1000, 3000]);
    expect(attributesOf(calls.at(-1))).toMatchObject({
      ERROR_CODE: 'String THROTTLING',
      EXHAUSTED_RETRY_CONDITION: 'String MaximumRetryAttempts',
      RETRY_ATTEMPTS: 'String 2',
    });
  });

  it('is given up when the event would be too old', async () => {
    const target = { maximumEventAgeSeconds: 60, deadLetterArn: DEAD_LETTER_ARN };
    const { attempts, calls } = await deliver(target, failing(THROTTLED));
    expect(attempts.map(({ afterMs }) => afterMs / 1000)).toEqual([0, 1, 3, 7, 15, 31]);
    expect(attributesOf(calls.at(-1))).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'String MaximumEventAgeInSeconds',
      RETRY_ATTEMPTS: 'String 5',
    });
  });

  it('is tried 185 times within a day when its target says nothing else', async () => {
    const { attempts, failed } = await deliver({}, failing(THROTTLED));
    expect(attempts).toHaveLength(186);
    expect(attempts.at(-1)?.afterMs).toBeLessThanOrEqual(86_400_000);
    expect(failed).toMatchObject([{ retryAttempts: 185, errorCode: 'THROTTLING' }]);
  });

  it('is dropped and recorded without a dead-letter queue', async () => {
    const { calls, failed } = await deliver({}, failing(new AwsError('AccessDeniedException', 'no', 403)));
    expect(calls).toHaveLength(1);
    expect(failed).toEqual([expect.not.objectContaining({ deadLetterArn: expect.anything() })]);
  });

  it('is recorded with the reason when the dead-letter queue refuses it', async () => {
    const { failed } = await deliver({ deadLetterArn: DEAD_LETTER_ARN }, () => {
      throw new AwsError('AccessDenied', 'no policy', 403);
    });
    expect(failed).toMatchObject([{ deadLetterError: 'AccessDenied: no policy' }]);
    expect(failed[0]).not.toHaveProperty('deadLetterArn');
  });

  it('is given up when the event gives no valid input', async () => {
    const { calls, failed } = await deliver({ inputPath: '$.detail.none' }, () => {});
    expect(calls).toEqual([]);
    expect(failed).toMatchObject([{ errorCode: 'INVALID_JSON' }]);
  });

  it('holds the clock while it is in flight', async () => {
    const held: (readonly string[])[] = [];
    const { bridge, clock } = anEventBridge({ rules: [aRule()] }, () => held.push(clock.held()));
    await bridge.answer(putEvents({}));
    await clock.run();
    expect(held).toEqual([[expect.stringContaining(FUNCTION_ARN)]]);
    expect(clock.held()).toEqual([]);
  });
});
