import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const staged = new Map<string, string>();

/**
 * A copy of a code directory outside every project, where it finds no package and no package.json but its own:
 * what resolves there also resolves in Lambda. Copied once a process, and removed when the process ends.
 */
export function stageCode(codeDirectory: string): string {
  const key = `${codeDirectory}@${statSync(codeDirectory).mtimeMs}`;
  const known = staged.get(key);
  if (known) return known;
  if (staged.size === 0) process.once('exit', removeAll);
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-lambda-'));
  cpSync(codeDirectory, directory, { recursive: true, dereference: true });
  staged.set(key, directory);
  return directory;
}

function removeAll(): void {
  for (const directory of staged.values()) rmSync(directory, { recursive: true, force: true });
}
