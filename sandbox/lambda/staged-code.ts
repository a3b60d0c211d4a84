import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const stages = new Set<StagedCode>();

/**
 * Copies of code directories outside every project, where code finds no package and no package.json but its own:
 * what resolves there also resolves in Lambda. Copied when first needed, and removed when the process ends at the latest.
 */
export class StagedCode {
  readonly #directories = new Map<string, string>();

  /** The copy of a code directory. */
  stage(codeDirectory: string): string {
    const known = this.#directories.get(codeDirectory);
    if (known !== undefined) return known;
    if (stages.size === 0) process.once('exit', removeAll);
    stages.add(this);
    const directory = mkdtempSync(join(tmpdir(), 'sandbox-lambda-'));
    this.#directories.set(codeDirectory, directory);
    cpSync(codeDirectory, directory, { recursive: true, dereference: true });
    return directory;
  }

  /** Removes every copy. */
  remove(): void {
    for (const directory of this.#directories.values()) rmSync(directory, { recursive: true, force: true });
    this.#directories.clear();
    stages.delete(this);
    if (stages.size === 0) process.off('exit', removeAll);
  }
}

function removeAll(): void {
  for (const stage of stages) stage.remove();
}
