import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import type { SeedFile } from './description.ts';
import { parseDurationMs } from './duration.ts';

/** A folder that a script of a rehearsal really works in: made for one run, and gone after it. */
export class RealFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes a folder with these files in it, each with the age that it is said to have. */
  static async make(files: Readonly<Record<string, SeedFile>>): Promise<RealFolder> {
    const folder = new RealFolder(await mkdtemp(join(tmpdir(), 'handsoff-run-')));
    try {
      for (const [name, file] of Object.entries(files)) await folder.#seed(name, file);
      return folder;
    } catch (error) {
      await folder.remove();
      throw error;
    }
  }

  /** The files in it, by their path below it, in order. */
  async files(): Promise<readonly string[]> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    return files
      .map(({ parentPath, name }) =>
        join(parentPath, name)
          .slice(this.path.length + 1)
          .replaceAll(sep, '/'),
      )
      .sort();
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  async #seed(name: string, file: SeedFile): Promise<void> {
    const { text, age } = typeof file === 'string' ? { text: file, age: '0s' } : file;
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    const changedAt = new Date(Date.now() - parseDurationMs(age));
    await utimes(path, changedAt, changedAt);
  }
}
