/** What is put where a secret stood. */
export const redacted = '[redacted]';

/**
 * Forms of secrets that turn up in consoles, command output and alert text. A value behind a telling name is taken up to
 * the next blank, quote or comma; better too much is hidden than too little.
 */
const secretForms: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /xox[a-z]-[\w-]+|xapp-[\w-]+|hooks\.slack\.com\/\S+/g,
  /\bBearer\s+[\w.~+/-]+=*/gi,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /(?<![\w-])eyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g,
  /\bgh[pousr]_\w{20,}/g,
  /(?<=\b[\w-]{0,40}(?:secret|passw(?:or)?d|passwd|token|api[_-]?key|access[_-]?key)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s"',;]{4,}/gi,
];

/** Text without what looks like a secret. */
export function withoutSecrets(text: string): string {
  return secretForms.reduce((clean, form) => clean.replace(form, redacted), text);
}

/** Names of fields whose value is a secret, whatever it looks like. */
const secretName = /token|secret|password|authorization|signature|routing_?key|api_?key/i;

/** Replaces what must not be kept, by the name of its field or by its form; for `JSON.stringify`. */
export function hideSecrets(name: string, value: unknown): unknown {
  if (secretName.test(name) && (typeof value === 'string' || Array.isArray(value))) return redacted;
  return typeof value === 'string' ? withoutSecrets(value) : value;
}
