import { join } from 'node:path';
import type { Artifacts } from '../functions/domain/certificate.ts';
import { bundleFunctions } from '../infra/bundle-functions.ts';
import { artifactsOf, hashFunctions } from '../infra/certificates.ts';
import { loadConfig, type RunbookFolder } from '../infra/config/load-config.ts';
import { synthesise } from '../infra/synthesise.ts';
import { withRehearsedGuards } from './guards/guard-config.ts';

/** What rehearsals play on. Plain data: it goes to other processes. */
export interface PreparedRehearsal {
  readonly projectRoot: string;
  /** The directory that the stack was synthesised into. */
  readonly assembly: string;
}

/** A runbook that is to be rehearsed, and what exactly of it. Plain data as well. */
export interface PreparedRunbook extends Pick<RunbookFolder, 'directory' | 'manifest'> {
  readonly artifacts: Artifacts;
}

/** What is rehearsed, ready to be played. */
export interface PreparedRunbooks extends PreparedRehearsal {
  readonly runbooks: readonly PreparedRunbook[];
}

/** Raised for a runbook that nobody knows. */
export class UnknownRunbookError extends Error {
  override readonly name = 'UnknownRunbookError' as const;
}

/** The folders of the runbooks with these ids, or of all where there are none. Throws an `UnknownRunbookError`. */
export function chooseRunbooks(projectRoot: string, ids: readonly string[]): RunbookFolder[] {
  const { runbooks } = loadConfig(projectRoot);
  const known = runbooks.map(({ manifest }) => manifest.id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new UnknownRunbookError(`There is no runbook ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return runbooks.filter(({ manifest }) => ids.length === 0 || ids.includes(manifest.id));
}

/** Synthesises what is rehearsed into a directory, once: every runbook as if its certificate were good. */
export async function prepareRehearsal(
  projectRoot: string,
  runbooks: readonly RunbookFolder[],
  buildDirectory: string,
): Promise<PreparedRunbooks> {
  const bundles = bundleFunctions(projectRoot, buildDirectory);
  const assembly = await synthesise({
    projectRoot,
    bundles,
    outdir: join(buildDirectory, 'assembly'),
    assumeCertified: true,
    adjust: withRehearsedGuards,
    validate: false,
  });
  const functions = hashFunctions(await bundles);
  const prepared = runbooks.map((folder) => {
    const { directory, manifest } = folder;
    return { directory, manifest, artifacts: artifactsOf(projectRoot, folder, functions) };
  });
  return { projectRoot, assembly, runbooks: prepared };
}
