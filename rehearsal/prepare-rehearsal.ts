import { join } from 'node:path';
import type { Artifacts } from '../functions/domain/certificate.ts';
import { bundleFunctions } from '../infra/bundle-functions.ts';
import { artifactsOf, hashFunctions, rehearsalsOf } from '../infra/certificates.ts';
import { findRunbooks } from '../infra/config/find-runbooks.ts';
import { loadConfig, type LoadedConfig, type RunbookFolder } from '../infra/config/load-config.ts';
import { withoutWindows } from '../infra/config/without-windows.ts';
import { synthesise } from '../infra/synthesise.ts';
import { withRehearsedGuards } from './guards/guard-config.ts';
import { inRehearsedModes, type RaisedRunbook } from './rehearsed-modes.ts';

/** What rehearsals play on. Plain data: it goes to other processes. */
export interface PreparedRehearsal {
  readonly projectRoot: string;
  /** The directory that the stack was synthesised into. */
  readonly assembly: string;
}

/** A runbook that is to be rehearsed, and what exactly of it. Plain data as well. */
export interface PreparedRunbook extends Pick<RunbookFolder, 'directory' | 'manifest'> {
  readonly artifacts: Artifacts;
  /** The files that it is rehearsed with. */
  readonly rehearsals: Artifacts;
}

/** What is rehearsed, ready to be played. */
export interface PreparedRunbooks extends PreparedRehearsal {
  readonly runbooks: readonly PreparedRunbook[];
}

/** Runbooks of a project that are to be rehearsed. */
export interface ChosenRunbooks {
  readonly projectRoot: string;
  readonly config: LoadedConfig;
  readonly runbooks: readonly RunbookFolder[];
  /** Those of them that would be deployed in `observe`, and in which mode they are played. */
  readonly raised: readonly RaisedRunbook[];
}

/** The runbooks with these ids, or all where there are none. Throws an `UnknownRunbookError`, or a `ConfigError`. */
export function chooseRunbooks(projectRoot: string, ids: readonly string[]): ChosenRunbooks {
  const { config, raised } = inRehearsedModes(loadConfig(projectRoot));
  const runbooks = findRunbooks(config, ids);
  const isChosen = ({ id }: RaisedRunbook) => runbooks.some(({ manifest }) => manifest.id === id);
  return { projectRoot, config, runbooks, raised: raised.filter(isChosen) };
}

/**
 * Synthesises what is rehearsed into a directory, once: every runbook as if its certificate were good. `onBundled` hears
 * early where the functions are.
 */
export async function prepareRehearsal(
  { projectRoot, config, runbooks }: ChosenRunbooks,
  buildDirectory: string,
  onBundled: (directories: readonly string[]) => void = () => undefined,
): Promise<PreparedRunbooks> {
  const bundles = bundleFunctions(projectRoot, buildDirectory).then((bundled) => {
    onBundled(bundled.map(({ directory }) => directory));
    return bundled;
  });
  const assembly = await synthesise({
    projectRoot,
    bundles,
    outdir: join(buildDirectory, 'assembly'),
    assumeCertified: true,
    assetsInPlace: true,
    config: withRehearsedGuards(withoutWindows(config)),
    validate: false,
  });
  const functions = hashFunctions(await bundles);
  const prepared = runbooks.map((folder) => {
    const { directory, manifest } = folder;
    const artifacts = artifactsOf(projectRoot, folder, functions);
    return { directory, manifest, artifacts, rehearsals: rehearsalsOf(directory) };
  });
  return { projectRoot, assembly, runbooks: prepared };
}
