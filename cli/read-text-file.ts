import { readFileSync } from 'node:fs';

/** Reads a file, or standard input for `-`, as UTF-8 with or without a byte order mark. Throws for what is no such text. */
export function readTextFile(file: string): string {
  const bytes = readFileSync(file === '-' ? 0 : file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is no text in UTF-8', { cause: error });
  }
}
