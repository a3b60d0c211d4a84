import { basename } from 'node:path';
import { documentName } from '../catalog-entry.ts';
import { documentFiles } from '../folder-documents.ts';
import type { RunbookFolder } from './load-config.ts';
import { type Problem, SourceFile } from './source-file.ts';

/** What SSM takes: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html */
const possibleName = /^[a-zA-Z0-9_.-]{3,128}$/;

/** What is wrong with the names that documents get in the account: SSM takes no such name, or two documents would have it. */
export function checkDocumentNames(folders: readonly RunbookFolder[]): Problem[] {
  const files = folders.flatMap(({ directory, manifest }) =>
    documentFiles(directory).map(({ file, name, kind }) => ({
      place: `statemachines/runbooks/${basename(directory)}/${file}`,
      document: documentName(manifest.id, name, kind),
    })),
  );
  return files.flatMap(({ place, document }, index) => {
    const problem = (message: string) => [new SourceFile('', place).at([], message)];
    if (!possibleName.test(document))
      return problem(
        `would be called ${document} in the account, and SSM takes only a-z, A-Z, 0-9, _, . and -, 128 at the most; rename the file.`,
      );
    const other = files.slice(0, index).find((one) => one.document === document);
    return other
      ? problem(`would be called ${document} in the account, as ${other.place} is; rename one of them.`)
      : [];
  });
}
