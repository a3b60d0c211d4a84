import type { Problem } from '../infra/config/source-file.ts';

/** Reads a problem that was written as `file:line:column: what`, or `file: what`. */
export function problemFrom(text: string): Problem {
  const [, file = '', line = '1', column = '1', message = text] =
    /^([^:\n]+)(?::(\d+):(\d+))?: (.*)$/s.exec(text) ?? [];
  return { file, line: Number(line), column: Number(column), message, severity: 'problem' };
}
