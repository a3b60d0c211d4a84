import { describe, expect, it } from 'vitest';
import {
  type Approval,
  type ApprovalAnswer,
  type ApprovalRefusal,
  approvalRefusalSentences,
  decideApproval,
} from '../../../functions/domain/approval.ts';

const approval: Approval = {
  id: 'a1',
  incident_id: 'inc-0123456789abcdef0123',
  status: 'pending',
  approvers: ['U1', 'U2'],
  asked_by: 'runbook:disk-space-low',
  expires_at: '2026-11-02T03:15:00.000Z',
  parameters_hash: 'a1',
};
const answer: ApprovalAnswer = { by: 'U1', decision: 'approved', now: new Date('2026-11-02T03:14:59.999Z') };

describe('decideApproval', () => {
  it.each(['approved', 'refused'] as const)('accepts an approver who answers %s in time', (decision) => {
    expect(decideApproval(approval, { ...answer, decision })).toEqual({ decision: 'accept' });
  });

  it.each<[string, Approval | undefined, Partial<ApprovalAnswer>, ApprovalRefusal]>([
    ['a question that nobody asked', undefined, {}, 'unknown-approval'],
    ['a second answer', { ...approval, status: 'approved' }, {}, 'already-used'],
    ['an answer after a no', { ...approval, status: 'refused' }, { by: 'U2' }, 'already-used'],
    ['an answer at the very moment it expires', approval, { now: new Date(approval.expires_at) }, 'expired'],
    ['an expiry that is no time', { ...approval, expires_at: 'soon' }, {}, 'expired'],
    ['somebody else', approval, { by: 'U3' }, 'not-an-approver'],
    ["somebody else's no", approval, { by: 'U3', decision: 'refused' }, 'not-an-approver'],
    ['anybody when there are no approvers', { ...approval, approvers: [] }, {}, 'not-an-approver'],
    ['the one who asked', { ...approval, asked_by: 'U1' }, {}, 'asked-it-yourself'],
    ['the one who asked over chat', { ...approval, asked_by: 'slack:U1' }, {}, 'asked-it-yourself'],
  ])('refuses %s', (_what, given, change, reason) => {
    expect(decideApproval(given, { ...answer, ...change })).toEqual({ decision: 'refuse', reason });
  });

  it('has a sentence of its own for every reason', () => {
    const sentences = Object.values(approvalRefusalSentences);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
