import { compilePattern } from '../event-pattern/pattern.ts';
import { type AwsCall, AwsError } from '../sandbox/aws.ts';
import { awsFault } from './aws-faults.ts';
import { isReading } from './changing-calls.ts';
import { failedInPart } from './partial-failure.ts';
import type { Fault } from './rehearsal-schema.ts';
import type { Breaks } from './scene.ts';

/** Tells whether a call is a state machine's: only those wait for an answer that never comes. */
export type IsMachine = (principalArn: string) => boolean;

type CallFault = Fault & { readonly call: string; readonly error: NonNullable<Fault['error']> };

/** Makes the faults of a scene: the first one that fits a call breaks it, and `onBroken` is told of it. */
export function breaksOf(
  faults: readonly Fault[],
  isMachine: IsMachine,
  onBroken: (fault: Fault) => void = () => undefined,
): Breaks {
  const planned = faults.filter(isCallFault).map((fault) => ({
    fault,
    left: fault.times ?? Number.POSITIVE_INFINITY,
    fits: fault.input ? compilePattern(fault.input) : undefined,
  }));
  return (call) => {
    const name = `${call.service}:${call.operation}`;
    const found = planned.find(
      ({ fault, left, fits }) => left > 0 && fault.call === name && (fits?.matches(call.input) ?? true),
    );
    if (!found) return undefined;
    found.left -= 1;
    return breakCall(call, found.fault.error, isMachine, () => onBroken(found.fault));
  };
}

/**
 * How a call breaks. Where none answers, a state machine waits until its own time limit; whoever else asks is told, and what
 * changes something has been done: that is the worse of the two things that can have become of it.
 */
export function breakCall(
  call: AwsCall,
  error: NonNullable<Fault['error']>,
  isMachine: IsMachine,
  onBroken: () => void = () => undefined,
): NonNullable<ReturnType<Breaks>> {
  const { service, operation, principal } = call;
  if (error === 'partial')
    return (answer) => {
      const failed = failedInPart(service, operation, answer);
      if (failed) onBroken();
      return { ...(failed ?? answer) };
    };
  onBroken();
  if (typeof error !== 'string') return new AwsError(error.code, error.message, error.statusCode ?? 400);
  if (error === 'timeout' && isMachine(principal.arn)) return 'hang';
  const fault = awsFault(service, error);
  if (error !== 'timeout' || isReading(call)) return fault;
  return () => {
    throw fault;
  };
}

function isCallFault(fault: Fault): fault is CallFault {
  return fault.call !== undefined && fault.error !== undefined;
}
