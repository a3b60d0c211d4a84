/** Raised for a policy that IAM refuses when it is created. The message starts with the place of the policy. */
export class MalformedPolicyError extends Error {
  override readonly name = 'MalformedPolicyError' as const;

  constructor(place: string, what: string) {
    super(`${place}: ${what}`);
  }
}
