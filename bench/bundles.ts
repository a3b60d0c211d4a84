import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunctions, codeFilesOf, configureFunctions } from '../infra/bundle-functions.ts';
import { loadConfig } from '../infra/config/load-config.ts';
import { projectRoot } from '../cli/project-root.ts';
import { printTable } from './table.ts';

/** The most a function may have, minified, in KB. */
const budgetKb = 900;

const runs = 7;

/** Size of every function's bundle, and the median time that loading it takes in a fresh process. */
export async function bundles(): Promise<void> {
  const built = await bundleFunctions(projectRoot);
  configureFunctions(built, loadConfig(projectRoot).deployed);
  const rows = built.map(({ name, directory, bytes }) => {
    const file = join(directory, 'index.mjs');
    return [
      name,
      Math.round(bytes / 1000),
      Math.round(
        sum(codeFilesOf(directory).map((part) => gzipSync(readFileSync(join(directory, part))).byteLength)) / 1000,
      ),
      medianLoadMs(file),
    ];
  });
  printTable(['function', 'KB', 'KB gzipped', 'load ms'], rows);
  console.log(
    `\nBudget: ${budgetKb} KB minified. Loading: median of ${runs} fresh processes on this machine, Node ${process.version}.`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const script =
  'const t=performance.now();await import(process.argv[1]);process.stdout.write(String(performance.now()-t));process.exit(0)';

function medianLoadMs(file: string): number {
  const environment = {
    AWS_REGION: 'eu-central-1',
    INCIDENT_TABLE: 'table',
    HIGH_URGENCY_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:high',
    LOW_URGENCY_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:low',
    HOLD_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/handsoff-held-alerts',
    EVENT_BUS_NAME: 'handsoff',
    ACCOUNT_ID: '123456789012',
    DOCUMENT_ARN_PREFIX: 'arn:aws:ssm:eu-central-1:123456789012:document/handsoff-',
    MACHINE_ARN_PREFIX: 'arn:aws:states:eu-central-1:123456789012:stateMachine:handsoff-',
    RUNDECK_SECRET: 'handsoff/rundeck',
    RUNDECK_URL: 'https://rundeck.example.com',
    RUNDECK_REACH: 'public',
    NODE_NO_WARNINGS: '1',
  };
  const times = Array.from({ length: runs }, () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script, file], {
        env: environment,
        encoding: 'utf8',
      }),
    ),
  );
  return Math.round(times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0);
}
