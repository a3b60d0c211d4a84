import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One SSM document of a runbook's folder: what is deployed, and what its certificate is of. */
export interface DocumentFile {
  readonly file: string;
  readonly name: string;
  readonly kind: 'automation' | 'command';
  readonly content: unknown;
}

/** The SSM documents of a folder, in order. */
export function documentsOf(directory: string): DocumentFile[] {
  return documentFiles(directory).map((one) => ({
    ...one,
    content: parse(readFileSync(join(directory, one.file), 'utf8')) as unknown,
  }));
}

/** The same without what is in them. */
export function documentFiles(directory: string): Omit<DocumentFile, 'content'>[] {
  return readdirSync(directory)
    .sort()
    .flatMap((file) => {
      const [, name, kind] = /^(.+)\.(automation|command)\.yaml$/.exec(file) ?? [];
      if (!name || (kind !== 'automation' && kind !== 'command')) return [];
      return [{ file, name, kind }];
    });
}
