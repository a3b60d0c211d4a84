import { UnsupportedInSandboxError } from '../aws.ts';
import type { RequestContext } from './request.ts';

const VARIABLE = /\$\{([^{}]*)\}/g;
const ESCAPES: Readonly<Record<string, string>> = { '*': '\u{E000}', '?': '\u{E001}', $: '$' };
const SUPPORTED = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:sourceaccount',
  'aws:sourcearn',
]);

/**
 * Throws an `UnsupportedInSandboxError` for a policy variable that the sandbox cannot fill in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function checkVariables(text: string, place: string): void {
  for (const [whole, name = ''] of text.matchAll(VARIABLE)) {
    if (name in ESCAPES || SUPPORTED.has(name.toLowerCase())) continue;
    throw new UnsupportedInSandboxError(`the policy variable ${whole} (${place})`);
  }
}

/** Fills in the variables of a text; undefined when the request does not have one of them, as nothing fits then. */
export function substituteVariables(text: string, context: RequestContext): string | undefined {
  let isMissing = false;
  const filled = text.replaceAll(VARIABLE, (_whole, name: string) => {
    const escaped = ESCAPES[name];
    if (escaped !== undefined) return escaped;
    const value = context.get(name.toLowerCase())?.[0];
    isMissing ||= value === undefined;
    return (value ?? '').replaceAll('*', '\u{E000}').replaceAll('?', '\u{E001}');
  });
  return isMissing ? undefined : filled;
}
