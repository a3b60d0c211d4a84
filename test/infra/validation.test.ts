import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, it } from 'vitest';
import { synthesise } from '../../infra/synthesise.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const outdir = mkdtempSync(join(tmpdir(), 'validation-'));

it("the templates hold to CloudFormation's rules and cdk-nag's AwsSolutions and Serverless packs, but for what is explained", async () => {
  const bundles = Promise.resolve(inject('bundles'));
  await expect(synthesise({ projectRoot, outdir, bundles, assumeCertified: true })).resolves.toBe(outdir);
}, 120_000);
