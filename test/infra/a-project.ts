import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the configuration and the runbooks, or of some of them, for a test to break. */
export class AProject {
  readonly root = mkdtempSync(join(tmpdir(), 'project-'));

  constructor(runbooks?: readonly string[]) {
    const isWanted = (source: string) => {
      const [, id] = /statemachines\/runbooks\/([^/]+)/.exec(relative(checkout, source)) ?? [];
      return id === undefined || (runbooks?.includes(id) ?? true);
    };
    for (const part of ['config', 'statemachines'])
      cpSync(join(checkout, part), join(this.root, part), { recursive: true, filter: isWanted });
  }

  /** Replaces one place of a file. Throws when it is not there: a test that breaks nothing proves nothing. */
  edit(file: string, from: string | RegExp, to: string): void {
    const text = readFileSync(join(this.root, file), 'utf8');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${file} has no ${String(from)}.`);
    writeFileSync(join(this.root, file), changed);
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  remove(file: string): void {
    rmSync(join(this.root, file), { recursive: true });
  }
}
