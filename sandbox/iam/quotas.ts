import { MalformedPolicyError } from './malformed-policy-error.ts';

/**
 * The longest policies, in characters without white space.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
const POLICY_QUOTAS = { inlineOfRole: 10_240, managed: 6_144, trust: 2_048, queue: 8_192 } as const;
const MAX_QUEUE_STATEMENTS = 20;

/** Throws a `MalformedPolicyError` when documents are together longer than their quota. */
export function checkSize(documents: readonly unknown[], quota: keyof typeof POLICY_QUOTAS, place: string): void {
  const size = documents.reduce<number>((sum, document) => sum + JSON.stringify(document ?? {}).length, 0);
  if (size <= POLICY_QUOTAS[quota]) return;
  throw new MalformedPolicyError(
    place,
    `${size} characters are more than the quota of ${POLICY_QUOTAS[quota]} for ${quota}.`,
  );
}

/** Throws a `MalformedPolicyError` for a policy that is too much for SQS. */
export function checkQueuePolicy(document: unknown, place: string): void {
  checkSize([document], 'queue', place);
  const { Statement: statements } = document as { readonly Statement?: unknown };
  const count = [statements].flat().length;
  if (count <= MAX_QUEUE_STATEMENTS) return;
  throw new MalformedPolicyError(
    place,
    `${count} statements were found in the submitted policy, max allowed is ${MAX_QUEUE_STATEMENTS}.`,
  );
}
