/**
 * All that a runbook's definition may call, by the member that names it; every other function, machine, topic and queue
 * belongs to a machine of ours and would go around its guards. The deployment grants nothing else, and validation says so.
 */
export const runbookMayName = {
  FunctionName: ['DiagnoseFunctionArn', 'CallPersonFunctionArn', 'RunCommandFunctionArn'],
  StateMachineArn: ['RemediateMachineArn'],
  TopicArn: ['HighUrgencyTopicArn'],
  QueueUrl: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A member of a task's arguments that names what is called. */
export type NamingMember = keyof typeof runbookMayName;
