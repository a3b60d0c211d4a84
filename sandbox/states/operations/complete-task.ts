import { AwsError } from '../../aws.ts';
import { type Json, parseJson } from '../json.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import { findText, needText, type Operation } from './operation.ts';

/** `SendTaskSuccess`. */
export const sendTaskSuccess: Operation = async (state, input) => {
  const token = needText(input, 'taskToken');
  state.engine.tokens.machineOf(token);
  state.engine.tokens.succeed(token, parseOutput(findText(input, 'output') ?? ''));
  return {};
};

/** `SendTaskFailure`. */
export const sendTaskFailure: Operation = async (state, input) => {
  state.engine.tokens.fail(needText(input, 'taskToken'), findText(input, 'error'), findText(input, 'cause'));
  return {};
};

/** `SendTaskHeartbeat`. */
export const sendTaskHeartbeat: Operation = async (state, input) => {
  state.engine.tokens.heartbeat(needText(input, 'taskToken'));
  return {};
};

function parseOutput(text: string): Json {
  const isTooLarge = Buffer.byteLength(text, 'utf8') > MAX_PAYLOAD_BYTES;
  try {
    if (!isTooLarge) return parseJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidOutput', `Invalid Output: '${reason}'`);
  }
  throw new AwsError('InvalidOutput', `Invalid Output: 'The output exceeds ${MAX_PAYLOAD_BYTES} bytes'`);
}
