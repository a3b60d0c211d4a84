import { redacted, withoutSecrets } from '../domain/secret-text.ts';

const secretName = /token|secret|password|authorization|signature|routing_?key|api_?key/i;

/** Replaces what must never stand in a log, by the name of its field or by its form; for `JSON.stringify`. */
export function redact(name: string, value: unknown): unknown {
  if (secretName.test(name) && (typeof value === 'string' || Array.isArray(value))) return redacted;
  return typeof value === 'string' ? withoutSecrets(value) : value;
}
