import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import {
  type Artifacts,
  certificateHashOf,
  type DeployedArtifact,
  type DeployedCertificate,
  hashOfCatalog,
  hashOfDeployed,
  hashOfJson,
  type Place,
  sha256Of,
  whyUncertified,
} from '../functions/domain/certificate.ts';
import type { BuiltDocument } from '../functions/domain/deployed-config.ts';
import { type Bundle, codeFilesOf } from './bundle-functions.ts';
import { catalogEntryOf, documentName } from './catalog-entry.ts';
import type { LoadedConfig, RunbookFolder } from './config/load-config.ts';
import { SourceFile } from './config/source-file.ts';
import { documentFiles, documentsOf } from './folder-documents.ts';
import { runbookMachine, substitutionsOf } from './names.ts';

/** The certificate of a runbook: what was rehearsed, and how it went. Written by `handsoff rehearse`, never by hand. */
export const lockFile = 'rehearsal.lock.json';

const kinds = ['rehearsal', 'fault', 'guard'] as const;
const count = z.strictObject({ seen: z.int(), of: z.int() });
const lockSchema = z.strictObject({
  runbook: z.string(),
  /** Over all artifacts. */
  hash: z.string(),
  artifacts: z.record(z.string(), z.string()),
  /** What it was rehearsed with. Nothing of it is deployed, so it is no part of the hash. */
  rehearsals: z.record(z.string(), z.string()),
  scenarios: z.array(z.strictObject({ name: z.string(), kind: z.enum(kinds), outcome: z.string() })),
  /** Every changing call that was seen, as `service:Operation`. */
  mutations: z.array(z.string()),
  coverage: z.strictObject({ states: count, transitions: count }),
  /** The longest that the runbook took in any scenario, in seconds of the incident's own time. */
  worst_case_seconds: z.int(),
});

/** What `rehearsal.lock.json` holds. */
export type RehearsalLock = z.output<typeof lockSchema>;

/** What a rehearsal adds to what was rehearsed. */
export type RehearsalRecord = Omit<RehearsalLock, 'runbook' | 'hash' | 'artifacts'>;

/** A project as it would be deployed, with what its certificates say of it. */
export interface CertifiedConfig {
  readonly config: LoadedConfig;
  /** Why a runbook that may change something is deployed in `observe`, by its id. */
  readonly uncertified: ReadonlyMap<string, string>;
}

const lifecycle = ['intake', 'respond', 'remediate'];

/** Functions that no definition names: the stream, SSM's events, chat and the queue of held alerts start them. */
const startedByEvents = [
  'complete-waits',
  'tell-people',
  'receive-interaction',
  'release-alert',
  'report-failed-execution',
];

/** Any place would do: what a certificate compares has none. */
const anywhere: Place = { partition: 'aws', region: 'eu-central-1', account: '123456789012' };

/**
 * Compares every runbook with its certificate. One that may change something and was not rehearsed exactly as it is now
 * goes into `observe`. `assume` takes all of them as rehearsed: for the rehearsal itself.
 */
export function certify(
  projectRoot: string,
  config: LoadedConfig,
  bundles: readonly Bundle[],
  assume = false,
): CertifiedConfig {
  const functions = hashFunctions(bundles);
  const uncertified = new Map<string, string>();
  const certificates: Record<string, DeployedCertificate> = {};
  const documents: BuiltDocument[] = [];
  const runbooks = config.runbooks.map((folder): RunbookFolder => {
    const { manifest, directory } = folder;
    const artifacts = artifactsOf(projectRoot, folder, functions);
    documents.push(...builtDocumentsOf(folder, artifacts));
    const why = assume ? undefined : whyNotRehearsed(directory, manifest.id, artifacts);
    if (why === undefined) {
      certificates[manifest.id] = {
        hash: certificateHashOf(artifacts),
        artifacts: deployedArtifactsOf(projectRoot, folder, config, artifacts),
      };
      return folder;
    }
    if (manifest.mode === 'observe') return folder;
    uncertified.set(manifest.id, why);
    return { ...folder, manifest: { ...manifest, mode: 'observe' } };
  });
  const routes = config.deployed.routes.map((route) => {
    const why = uncertified.get(route.id);
    return why === undefined ? route : { ...route, mode: 'observe' as const, uncertified: why };
  });
  return {
    config: { ...config, runbooks, deployed: { ...config.deployed, routes, certificates, documents } },
    uncertified,
  };
}

/** SHA-256 of the code of every function, by its name: of its own file and all that it imports, each after its name. */
export function hashFunctions(bundles: readonly Bundle[]): ReadonlyMap<string, string> {
  return new Map(
    bundles.map(({ name, directory }) => {
      const files = codeFilesOf(directory);
      const code = files.flatMap((file) => [Buffer.from(`${file}\0`), readFileSync(join(directory, file))]);
      return [name, sha256Of(Buffer.concat(code))];
    }),
  );
}

/** Everything that a runbook is made of, as it stands in the project now; `functions` as `hashFunctions` gives them. */
export function artifactsOf(
  projectRoot: string,
  folder: RunbookFolder,
  functions: ReadonlyMap<string, string>,
): Artifacts {
  const { directory, manifest } = folder;
  const machines = [
    join(directory, 'definition.asl.json'),
    ...lifecycle.map((name) => lifecycleFile(projectRoot, name)),
  ];
  const texts = machines.map((file) => resolvedDefinition(file, manifest.id, [...functions.keys()]));
  const documents = documentsOf(directory);
  const naming = [...texts, ...documents.map(({ content }) => JSON.stringify(content))];
  const used = [...functions].filter(
    ([name]) => startedByEvents.includes(name) || naming.some((text) => text.includes(`handsoff-${name}"`)),
  );
  return {
    'runbook.yaml': hashOfJson(SourceFile.read(join(directory, 'runbook.yaml'), 'runbook.yaml')?.value),
    ...Object.fromEntries(machines.map((file, index) => [shownAs(file), hashOfDeployed(texts[index] ?? '', anywhere)])),
    ...Object.fromEntries(
      documents.map(({ file, content }) => [file, hashOfDeployed(JSON.stringify(content), anywhere)]),
    ),
    ...Object.fromEntries(used.map(([name, hash]) => [`functions/${name}`, hash])),
  };
}

/**
 * SHA-256 of everything that a runbook is rehearsed with, by its name in the folder: of its text, whichever way lines end
 * in this checkout. Parsing a hundred of them would make every synthesis a quarter longer.
 */
export function rehearsalsOf(directory: string): Artifacts {
  const folder = join(directory, 'rehearsals');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[^.].*\.(yaml|json)$/.test(name)) : [];
  const hashOf = (name: string) => sha256Of(readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n'));
  return Object.fromEntries(names.toSorted().map((name) => [`rehearsals/${name}`, hashOf(name)]));
}

/** Reads a runbook's certificate; undefined when it has none, or one that nobody can read. */
export function readLock(directory: string): RehearsalLock | undefined {
  const file = join(directory, lockFile);
  if (!existsSync(file)) return undefined;
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Why a runbook is not what its certificate says, as a sentence. One that is not whole is none: two branches that are
 * merged may each have rehearsed a part of what nobody has rehearsed together.
 */
function whyNotRehearsed(directory: string, id: string, artifacts: Artifacts): string | undefined {
  const lock = readLock(directory);
  if (!lock && existsSync(join(directory, lockFile)))
    return `${lockFile} cannot be read: it is not what a rehearsal wrote.`;
  if (!lock) return whyUncertified(undefined, artifacts);
  const { runbook, hash, coverage } = lock;
  const isWhole =
    runbook === id && hash === certificateHashOf(lock.artifacts) && coverage.states.seen === coverage.states.of;
  if (!isWhole) return `${lockFile} is not what a rehearsal wrote.`;
  return whyUncertified({ ...lock.artifacts, ...lock.rehearsals }, { ...artifacts, ...rehearsalsOf(directory) });
}

/** Writes the certificate of a runbook whose rehearsals have all passed with exactly these artifacts. */
export function writeLock(directory: string, runbook: string, artifacts: Artifacts, record: RehearsalRecord): void {
  // States that run side by side are played in any order; the file has one.
  const scenarios = record.scenarios.toSorted(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.name < b.name ? -1 : 1),
  );
  const lock: RehearsalLock = { runbook, hash: certificateHashOf(artifacts), artifacts, ...record, scenarios };
  writeFileSync(join(directory, lockFile), `${JSON.stringify(lock, null, 2)}\n`);
}

/** What is compared once more before each of them is run. */
function builtDocumentsOf({ directory, manifest }: RunbookFolder, artifacts: Artifacts): BuiltDocument[] {
  return documentFiles(directory).map(({ file, name, kind }) => ({
    runbook: manifest.id,
    name: documentName(manifest.id, name, kind),
    sha256: artifacts[file] ?? '',
  }));
}

/** What the guard reads in the account before it lets a runbook change anything. */
function deployedArtifactsOf(
  projectRoot: string,
  { directory, manifest }: RunbookFolder,
  { deployed }: LoadedConfig,
  artifacts: Artifacts,
): DeployedArtifact[] {
  const row = (kind: DeployedArtifact['kind'], name: string, file: string, sha256 = artifacts[file] ?? '') => ({
    kind,
    name,
    file,
    sha256,
  });
  const entry = catalogEntryOf(manifest, deployed.groups, '');
  return [
    row('machine', `handsoff-${runbookMachine(manifest.id)}`, 'definition.asl.json'),
    ...lifecycle.map((name) => row('machine', `handsoff-${name}`, shownAs(lifecycleFile(projectRoot, name)))),
    ...documentFiles(directory).map(({ file, name, kind }) =>
      row('document', documentName(manifest.id, name, kind), file),
    ),
    ...(entry ? [row('catalog', `/handsoff/runbooks/${manifest.id}`, 'runbook.yaml', hashOfCatalog(entry))] : []),
  ];
}

function lifecycleFile(projectRoot: string, name: string): string {
  return join(projectRoot, `statemachines/${name}.asl.json`);
}

function shownAs(file: string): string {
  const name = basename(file);
  return name === 'definition.asl.json' ? name : `statemachines/${name}`;
}

/** A definition as it would be deployed anywhere. */
function resolvedDefinition(file: string, runbookId: string, functions: readonly string[]): string {
  const { partition, region, account } = anywhere;
  const own = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const values: Record<string, string> = {
    ...substitutionsOf(functions, own, {
      highUrgencyTopicArn: own('sns', 'handsoff-high-urgency'),
      quarantineQueueUrl: `https://sqs.${region}.amazonaws.com/${account}/handsoff-quarantine`,
    }),
    RunbookId: runbookId,
  };
  return readFileSync(file, 'utf8').replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
