const secretName = /token|secret|password|authorization|signature|routing_?key|api_?key/i;
const secretValue =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|hooks\.slack\.com\/\S+|Bearer\s+\S+|AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}/g;

/** Replaces what must never stand in a log, by the name of its field or by its form; for `JSON.stringify`. */
export function redact(name: string, value: unknown): unknown {
  if (secretName.test(name) && (typeof value === 'string' || Array.isArray(value))) return '[redacted]';
  return typeof value === 'string' ? value.replace(secretValue, '[redacted]') : value;
}
