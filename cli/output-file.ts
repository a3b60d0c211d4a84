import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Throws, before anything is done, for a file that could not be written in the end. `flag` names it. */
export function checkFolderOf(flag: string, file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${flag} ${file} is a folder; name a file in it.`);
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`${flag} ${file}: there is no folder ${folder}; make it, or name another file.`);
}
