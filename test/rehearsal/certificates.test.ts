import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { whyUncertified } from '../../functions/domain/certificate.ts';
import { artifactsOf, hashFunctions, readLock, rehearsalsOf } from '../../infra/certificates.ts';
import { loadConfig } from '../../infra/config/load-config.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const functions = hashFunctions(inject('bundles'));
const { runbooks } = loadConfig(projectRoot);

describe('the certificate of', () => {
  it.each(runbooks.map((folder) => [folder.manifest.id, folder] as const))(
    '%s is of what is in the repository; if not, run: npx handsoff rehearse',
    (_id, folder) => {
      const lock = readLock(folder.directory);
      expect(whyUncertified(lock?.artifacts, artifactsOf(projectRoot, folder, functions))).toBeUndefined();
      expect(whyUncertified(lock?.rehearsals, rehearsalsOf(folder.directory))).toBeUndefined();
      expect(lock?.coverage.states.seen).toBe(lock?.coverage.states.of);
      expect(lock?.scenarios.filter(({ kind }) => kind === 'rehearsal').length).toBeGreaterThan(0);
      expect(lock?.scenarios.filter(({ kind }) => kind === 'fault').length).toBeGreaterThan(0);
    },
  );
});
