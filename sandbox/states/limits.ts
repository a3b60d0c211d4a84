/** Most bytes of JSON that a state, a task or an execution takes or gives. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;
/** Most events in the history of a Standard execution. https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html */
export const MAX_HISTORY_EVENTS = 25_000;
/** Longest a Standard execution may run, in milliseconds: one year. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_STANDARD_MS = 365 * 24 * 60 * 60 * 1000;
/** Longest an Express execution may run, in milliseconds: five minutes. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_EXPRESS_MS = 5 * 60 * 1000;
/** Longest name of a state, an execution or a variable, in characters. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_NAME_LENGTH = 80;
/** Largest definition, in bytes. https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html */
export const MAX_DEFINITION_BYTES = 1_048_576;
/** Most bytes of all variables of one execution together. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
export const MAX_VARIABLES_BYTES = 10 * 1024 * 1024;
/** Largest value of the fields that take seconds or attempts. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const MAX_SECONDS = 99_999_999;
/** Largest `MaxDelaySeconds` is one year, exclusive. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const MAX_DELAY_SECONDS = 31_622_400;
/** Most states that an Express execution enters before its five minutes count as spent: about three milliseconds each. */
export const MAX_EXPRESS_TRANSITIONS = 100_000;
