/** A question to people, and its answer: one row, used once. */
export interface Approval {
  /** Opaque; the only thing that a button carries. */
  readonly id: string;
  readonly incident_id: string;
  /** `used`: what was approved has begun. */
  readonly status: 'pending' | 'approved' | 'refused' | 'used';
  /** Chat user ids of those who may answer. */
  readonly approvers: readonly string[];
  /** Who asked: `runbook:<id>`, or a person's chat user id. */
  readonly asked_by: string;
  /** ISO 8601 with milliseconds: from then on the answer is no. */
  readonly expires_at: string;
  /** Binds the answer to exactly the parameters that were shown. */
  readonly parameters_hash: string;
  /** Who answered; absent while pending. */
  readonly decided_by?: string;
}

/** One person's answer, at one moment. */
export interface ApprovalAnswer {
  /** The chat user id that the chat system vouches for. */
  readonly by: string;
  readonly decision: 'approved' | 'refused';
  readonly now: Date;
}

/** Why an answer does not count; the closed set that is logged, counted and explained. */
export type ApprovalRefusal = 'unknown-approval' | 'already-used' | 'expired' | 'not-an-approver' | 'asked-it-yourself';

export type ApprovalDecision =
  | { readonly decision: 'accept' }
  | { readonly decision: 'refuse'; readonly reason: ApprovalRefusal };

/** What the person who clicked is told when the answer does not count. */
export const approvalRefusalSentences: Readonly<Record<ApprovalRefusal, string>> = {
  'unknown-approval': 'This question is not known here any more. Nothing was changed.',
  'already-used': 'This question was already answered. Your answer changed nothing.',
  expired: 'The time to answer this question is over. Nothing was changed; the incident needs a person.',
  'not-an-approver': 'You are not among those who may answer this question. Nothing was changed.',
  'asked-it-yourself': 'You asked for this yourself, so somebody else has to answer. Nothing was changed.',
};

/** Decides whether an answer counts. Pure; fails closed: what cannot be read refuses, a refusal needs an approver as well. */
export function decideApproval(approval: Approval | undefined, { by, now }: ApprovalAnswer): ApprovalDecision {
  if (!approval) return refuse('unknown-approval');
  if (approval.status !== 'pending') return refuse('already-used');
  if (!(now.getTime() < Date.parse(approval.expires_at))) return refuse('expired');
  if (!approval.approvers.includes(by)) return refuse('not-an-approver');
  if (isAskedBy(approval, by)) return refuse('asked-it-yourself');
  return { decision: 'accept' };
}

/** Whether a person asked this question: nobody answers his own. */
export function isAskedBy({ asked_by }: Pick<Approval, 'asked_by'>, userId: string): boolean {
  return asked_by === userId || approverIn(asked_by) === userId;
}

/** The chat user id in `Name (slack:U012AB3CD)` or `slack:U012AB3CD`: what stands last, for the name is the person's own choice. */
export function approverIn(person: string): string | undefined {
  return /(?:^|\()slack:([UW][A-Z0-9]+)\)?$/.exec(person)?.[1];
}

function refuse(reason: ApprovalRefusal): ApprovalDecision {
  return { decision: 'refuse', reason };
}
