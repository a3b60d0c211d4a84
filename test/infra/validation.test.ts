import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { bundleFunctions } from '../../infra/bundle-functions.ts';
import { synthesise } from '../../infra/synthesise.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'validation-'));
afterAll(() => rmSync(directory, { recursive: true }));

it("the templates hold to CloudFormation's rules and cdk-nag's AwsSolutions and Serverless packs, but for what is explained", async () => {
  const outdir = join(directory, 'assembly');
  const bundles = bundleFunctions(projectRoot, join(directory, 'build'));
  await expect(synthesise({ projectRoot, outdir, bundles, assumeCertified: true })).resolves.toBe(outdir);
}, 120_000);
