import { anySignal, openController } from '../abort.ts';
import type { ProcessorBody } from '../definition.ts';
import type { Branch, RunningExecution } from '../engine.ts';
import { History, startCursor } from '../history.ts';
import type { Json } from '../json.ts';
import { byteLength } from '../json.ts';
import { MAX_EXPRESS_MS, MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { Machine } from '../machine.ts';
import { raceAgainst } from '../race.ts';
import { AbortedError, dataLimitError, runtimeError, StateError, TimeSpentError } from '../state-error.ts';
import type { StateFrame } from '../state-frame.ts';
import { Variables } from '../variables.ts';

/**
 * Runs the processor of a distributed Map once, as an execution with a history, variables and a context of its own.
 * `slot` is the branch that waits for it. Throws the `StateError` that the child failed with.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export async function runChild(frame: StateFrame, slot: Branch, label: string, input: Json): Promise<Json> {
  const { engine } = slot;
  const body = frame.state.ItemProcessor ?? frame.state.Iterator;
  if (!body) throw runtimeError('The Map state has no ItemProcessor.');
  if (byteLength(input) > MAX_PAYLOAD_BYTES) throw dataLimitError(frame.name);
  const execution = openExecution(slot, body, label, input);
  const controller = openController();
  const signal = anySignal(slot.signal, controller.signal);
  const branch: Branch = { engine, execution, variables: new Variables(), cursor: startCursor(), signal };
  try {
    return await raceAgainst(engine.runBody(body, input, branch), {
      clock: engine.clock,
      signal: slot.signal,
      timeoutMs: execution.machine.type === 'EXPRESS' ? MAX_EXPRESS_MS : undefined,
      label: `timeout of ${execution.arn}`,
      onTimeout: timeoutError,
    });
  } catch (error) {
    throw error instanceof TimeSpentError ? timeoutError() : error;
  } finally {
    controller.abort(new AbortedError('The child execution has ended.'));
  }
}

function openExecution(
  { engine, execution }: Branch,
  body: ProcessorBody,
  label: string,
  input: Json,
): RunningExecution {
  const type = body.ProcessorConfig?.ExecutionType ?? 'STANDARD';
  const { arn, name } = execution.machine;
  const machine: Machine = { ...execution.machine, arn: `${arn}/${label}`, name: `${name}/${label}`, type };
  const childName = engine.random.uuid();
  const history = new History(() => engine.clock.iso(), type === 'EXPRESS');
  history.append(0, 'ExecutionStarted');
  return {
    arn: `${machine.arn.replace(':stateMachine:', ':execution:')}:${childName}`,
    name: childName,
    machine,
    input,
    startedAt: engine.clock.iso(),
    history,
    transitions: 0,
  };
}

function timeoutError(): StateError {
  return new StateError({ error: 'States.Timeout' });
}
