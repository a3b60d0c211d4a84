import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLock } from '../../infra/certificates.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import type { RunbookManifest } from '../../infra/config/schemas.ts';
import { readRunbookSource, rehearsalsOf, type RunbookSource } from '../../validation/runbook-source.ts';
import { drawRunbook } from '../graph/draw-runbook.ts';
import { editorSchemas } from '../schemas/editor-schemas.ts';
import { indexPage } from './index-page.ts';
import { type PageSource, runbookPage } from './runbook-page.ts';

const folder = 'docs/runbooks';

/** Every file that is made from the runbooks, by its name in the project: the same files for the same runbooks. */
export async function docsFiles(projectRoot: string): Promise<ReadonlyMap<string, string>> {
  const runbooks = loadConfig(projectRoot).runbooks.map(({ manifest }) => {
    const source = readRunbookSource(projectRoot, manifest.id);
    return { source, page: pageSource(manifest, source) };
  });
  const files = new Map(editorSchemas());
  files.set(`${folder}/README.md`, indexPage(runbooks.map(({ page }) => page)));
  for (const { source, page } of runbooks) {
    files.set(`${folder}/${source.id}.md`, runbookPage(page));
    files.set(`${folder}/${source.id}.svg`, await drawRunbook(source));
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

function pageSource(manifest: RunbookManifest, source: RunbookSource): PageSource {
  const { directory, readme = '' } = source;
  return { manifest, rehearsals: rehearsalsOf(source), lock: readLock(directory), readme };
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
