import { AwsError } from '../aws.ts';

/** Whether a function was refused because as many of its invocations run as may run at once. */
export function isThrottled(error: unknown): boolean {
  return error instanceof AwsError && error.name === 'TooManyRequestsException';
}

/** What an invocation gives; undefined when it was throttled. */
export async function unlessThrottled<T>(invocation: Promise<T>): Promise<T | undefined> {
  try {
    return await invocation;
  } catch (error) {
    if (isThrottled(error)) return undefined;
    throw error;
  }
}
