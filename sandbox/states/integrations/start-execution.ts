import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { StateError } from '../state-error.ts';
import { toCamelCase, toPascalCase } from './casing.ts';
import { optimizedErrorStyle } from './error-names.ts';
import type { Integration, TaskAttempt } from './integration.ts';
import { needParameters, stringifyMembers } from './parameters.ts';
import type { Pattern } from './resource.ts';

/** How often the state of an execution outside the sandbox is asked for, in milliseconds. */
const POLL_MS = 60_000;

const errors = optimizedErrorStyle('sfn', 'StepFunctions', 'AWSStepFunctionsException', 'AWSStepFunctions');

/** `arn:aws:states:::states:startExecution`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
export function startExecution(resource: string, pattern: Pattern): Integration {
  const base: Integration = { resourceType: 'states', resource, errors, request: start };
  if (pattern !== 'sync' && pattern !== 'sync:2') return base;
  return { ...base, follow: (attempt, submitted) => follow(attempt, submitted, pattern), stop };
}

async function start(attempt: TaskAttempt): Promise<Json> {
  const parameters = stringifyMembers(needParameters(attempt.parameters, 'states:startExecution'), ['Input']);
  const started = await attempt.call('sfn', 'StartExecution', toInput(parameters));
  const { branch } = attempt.frame;
  const childArn = started['executionArn'] ?? started['ExecutionArn'];
  if (typeof childArn === 'string') branch.engine.noteParent(childArn, branch.execution.arn);
  return toPascalCase(started);
}

async function follow(attempt: TaskAttempt, submitted: Json, pattern: 'sync' | 'sync:2'): Promise<Json> {
  const executionArn = arnOf(submitted);
  await attempt.frame.branch.engine.whenEnded(executionArn);
  for (;;) {
    if (attempt.signal.aborted) throw attempt.signal.reason;
    const described = toPascalCase(await attempt.call('sfn', 'DescribeExecution', { executionArn }));
    const { Status } = isObject(described) ? described : {};
    if (Status === 'SUCCEEDED') return pattern === 'sync:2' ? parseMembers(described) : describeChild(described);
    if (Status !== 'RUNNING' && Status !== 'PENDING_REDRIVE') {
      throw new StateError({ error: 'States.TaskFailed', cause: JSON.stringify(describeChild(described)) });
    }
    await attempt.frame.branch.engine.clock.sleep(POLL_MS, `status of ${executionArn}`, attempt.signal);
  }
}

async function stop(attempt: TaskAttempt, submitted: Json): Promise<void> {
  await attempt.call('sfn', 'StopExecution', { executionArn: arnOf(submitted) });
}

function arnOf(submitted: Json): string {
  const arn = isObject(submitted) ? submitted['ExecutionArn'] : undefined;
  return typeof arn === 'string' ? arn : '';
}

function toInput(parameters: JsonObject): JsonObject {
  const input = toCamelCase(parameters);
  return isObject(input) ? input : {};
}

/** What of `DescribeExecution` the task shows, without what only the API has. */
const SHOWN = [
  'Cause',
  'Error',
  'ExecutionArn',
  'Input',
  'InputDetails',
  'Name',
  'Output',
  'OutputDetails',
  'StartDate',
  'StateMachineArn',
  'Status',
  'StopDate',
];

function describeChild(described: Json): JsonObject {
  const members = isObject(described) ? Object.entries(described) : [];
  return Object.fromEntries(members.filter(([key, value]) => SHOWN.includes(key) && value !== null));
}

function parseMembers(described: Json): Json {
  const shown = describeChild(described);
  const parsed = ['Input', 'Output'].flatMap((name): [string, Json][] => {
    const text = shown[name];
    return typeof text === 'string' ? [[name, parseJson(text)]] : [];
  });
  return { ...shown, ...Object.fromEntries(parsed) };
}
