import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLock } from '../../infra/certificates.ts';
import { loadConfig, type RunbookFolder } from '../../infra/config/load-config.ts';
import { readRehearsal, rehearsalFiles } from '../../rehearsal/rehearsal-file.ts';
import { drawRunbook } from '../graph/draw-runbook.ts';
import { editorSchemas } from '../schemas/editor-schemas.ts';
import { indexPage } from './index-page.ts';
import { type PageSource, runbookPage } from './runbook-page.ts';

const folder = 'docs/runbooks';

/** Every file that is made from the runbooks, by its name in the project: the same files for the same runbooks. */
export async function docsFiles(projectRoot: string): Promise<ReadonlyMap<string, string>> {
  const sources = loadConfig(projectRoot).runbooks.map(pageSource);
  const files = new Map(editorSchemas());
  files.set(`${folder}/README.md`, indexPage(sources));
  for (const source of sources) {
    const { id } = source.manifest;
    files.set(`${folder}/${id}.md`, runbookPage(source));
    files.set(`${folder}/${id}.svg`, await drawRunbook(projectRoot, id));
  }
  return files;
}

/** Names of files that are not as they would be made now, those of runbooks that are gone among them. */
export function staleFiles(projectRoot: string, files: ReadonlyMap<string, string>): string[] {
  const wrong = [...files].filter(([name, text]) => textOf(join(projectRoot, name)) !== text).map(([name]) => name);
  const surplus = namesIn(join(projectRoot, folder))
    .map((name) => `${folder}/${name}`)
    .filter((name) => !files.has(name));
  return [...wrong, ...surplus].toSorted();
}

/** Writes the files, and takes those away that belong to no runbook any more. */
export function writeFiles(projectRoot: string, files: ReadonlyMap<string, string>, names: readonly string[]): void {
  for (const name of names) {
    const file = join(projectRoot, name);
    const text = files.get(name);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

function pageSource({ manifest, directory }: RunbookFolder): PageSource {
  return {
    manifest,
    rehearsals: rehearsalFiles(directory).map((file) => readRehearsal(file)),
    lock: readLock(directory),
    readme: textOf(join(directory, 'README.md')) ?? '',
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
