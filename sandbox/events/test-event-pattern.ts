import { AwsError, type AwsCall } from '../aws.ts';
import {
  compilePattern,
  EventFields,
  InvalidEventError,
  InvalidEventPatternError,
} from '../../event-pattern/pattern.ts';

const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'detail-type'];
const MAX_PATTERN_LENGTH = 4096;

/**
 * Answers TestEventPattern. Throws `AwsError`: `InvalidEventPatternException` for the pattern, `ValidationException` for an
 * event that is no event. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
 */
export function testEventPattern(input: AwsCall['input']): Record<string, unknown> {
  const { EventPattern: pattern, Event: event } = input;
  if (typeof pattern !== 'string' || typeof event !== 'string') {
    throw new AwsError('ValidationException', 'EventPattern and Event must be JSON text.');
  }
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new AwsError('ValidationException', `EventPattern has more than ${MAX_PATTERN_LENGTH} characters.`);
  }
  try {
    const compiled = compilePattern(pattern);
    return { Result: compiled.matches(readCompleteEvent(event)) };
  } catch (error) {
    if (error instanceof InvalidEventPatternError) throw new AwsError(error.name, error.message);
    if (error instanceof InvalidEventError) throw new AwsError('ValidationException', error.message);
    throw error;
  }
}

function readCompleteEvent(event: string): EventFields {
  const fields = new EventFields(event);
  const missing = REQUIRED.find((name) => fields.at(name).length === 0);
  if (missing) throw new InvalidEventError(`Parameter Event is not valid. Reason: ${missing} is a required field.`);
  return fields;
}
