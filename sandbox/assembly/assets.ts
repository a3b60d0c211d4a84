import { dirname, isAbsolute, join } from 'node:path';
import { AssemblyError } from './assembly-error.ts';
import { type Environment, fillEnvironment } from './environment.ts';
import { isRecord, type Members, readPath } from '../members.ts';
import { readJson } from './manifest.ts';

/** The files that the CDK CLI would upload, by the bucket and key that they are uploaded to. */
export class Assets {
  readonly #paths = new Map<string, string>();
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Adds every file asset of an asset manifest. */
  async addManifest(file: string): Promise<void> {
    const manifest = await readJson(file);
    if (!isRecord(manifest)) throw new AssemblyError([`${file} is not an asset manifest.`]);
    const files = isRecord(manifest['files']) ? Object.entries(manifest['files']) : [];
    for (const [id, asset] of files) this.#add(id, asset, file);
  }

  /** The absolute path of the file or folder behind an S3 object, or undefined. */
  find(bucket: string, key: string): string | undefined {
    return this.#paths.get(`${bucket}/${key}`);
  }

  #add(id: string, asset: unknown, file: string): void {
    const path = readPath(asset, ['source', 'path']);
    // An asset that an executable makes has no path; it fails when it is asked for.
    if (typeof path !== 'string') return;
    const destinations = readPath(asset, ['destinations']);
    if (!isRecord(destinations)) throw new AssemblyError([`The asset ${id} of ${file} has no destinations.`]);
    const absolute = isAbsolute(path) ? path : join(dirname(file), path);
    for (const destination of Object.values(destinations)) {
      if (isRecord(destination)) this.#paths.set(this.#locate(destination), absolute);
    }
  }

  #locate({ bucketName, objectKey }: Members): string {
    return fillEnvironment(`${String(bucketName)}/${String(objectKey)}`, this.#environment);
  }
}
