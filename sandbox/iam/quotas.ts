import { MalformedPolicyError } from './malformed-policy-error.ts';

/** The longest policies, in characters without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_QUOTAS = { inlineOfRole: 10_240, managed: 6_144, trust: 2_048 } as const;

/** Throws a `MalformedPolicyError` when documents are together longer than their quota. */
export function checkSize(documents: readonly unknown[], quota: keyof typeof POLICY_QUOTAS, place: string): void {
  const size = documents.reduce<number>((sum, document) => sum + JSON.stringify(document ?? {}).length, 0);
  if (size <= POLICY_QUOTAS[quota]) return;
  throw new MalformedPolicyError(
    place,
    `${size} characters are more than the quota of ${POLICY_QUOTAS[quota]} for ${quota}.`,
  );
}
