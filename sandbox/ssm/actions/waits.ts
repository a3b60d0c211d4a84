import { SEVEN_DAYS_SECONDS, type StepAction, type StepContext, StepFailedError, textInput } from './action.ts';
import { callAsStep } from './api-call.ts';

const DURATION = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** `aws:sleep`, for at most 604,799 seconds: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-sleep.html */
export const sleep: StepAction = {
  required: [],
  optional: ['Duration', 'Timestamp'],
  outputs: [],
  timeoutSeconds: SEVEN_DAYS_SECONDS,
  run: async (context) => {
    const { Duration: duration, Timestamp: timestamp } = context.inputs;
    if ((duration === undefined) === (timestamp === undefined))
      throw new StepFailedError('Give either Duration or Timestamp');
    const delayMs = duration === undefined ? Date.parse(String(timestamp)) - context.now() : readDurationMs(duration);
    if (Number.isNaN(delayMs)) throw new StepFailedError(`${String(timestamp)} is not a time`);
    if (delayMs >= SEVEN_DAYS_SECONDS * 1000) throw new StepFailedError('A sleep lasts at most 604799 seconds');
    await context.sleep(delayMs);
    return {};
  },
};

/** `aws:pause`, until somebody sends `Resume`: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-pause.html */
export const pause: StepAction = {
  required: [],
  optional: [],
  outputs: [],
  timeoutSeconds: SEVEN_DAYS_SECONDS,
  run: async (context) => {
    while ((await context.nextSignal()).type !== 'Resume') continue;
    return {};
  },
};

/**
 * `aws:approve`, until enough of the approvers agree or one rejects.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html
 */
export const approve: StepAction = {
  required: ['Approvers'],
  optional: ['NotificationArn', 'Message', 'MinRequiredApprovals'],
  outputs: ['ApprovalStatus', 'ApproverDecisions'],
  timeoutSeconds: SEVEN_DAYS_SECONDS,
  run: async (context) => {
    const needed = Number(context.inputs['MinRequiredApprovals'] ?? 1);
    await notify(context);
    const agreed = new Set<string>();
    while (agreed.size < needed) {
      const { type, sender } = await context.nextSignal();
      if (type === 'Reject') throw new StepFailedError(`The request was rejected by ${sender}`);
      if (type === 'Approve') agreed.add(sender);
    }
    const ApproverDecisions = [...agreed].map((Approver) => ({ Approver, Decision: 'Approved' }));
    return { outputs: { ApprovalStatus: 'Approved', ApproverDecisions } };
  },
};

async function notify(context: StepContext): Promise<void> {
  const { inputs } = context;
  if (inputs['NotificationArn'] === undefined) return;
  const Message =
    inputs['Message'] === undefined ? 'An automation waits for an approval.' : textInput(inputs, 'Message');
  await callAsStep(context, 'sns', 'Publish', { TopicArn: textInput(inputs, 'NotificationArn'), Message });
}

function readDurationMs(duration: unknown): number {
  const match = DURATION.exec(String(duration));
  if (!match) throw new StepFailedError(`${String(duration)} is not a duration such as PT10M`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((text) => Number(text ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
