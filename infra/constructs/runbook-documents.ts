import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { parse } from 'yaml';
import { documentName } from '../catalog-entry.ts';
import type { RunbookFolder } from '../config/load-config.ts';
import { ownArn } from './own-arn.ts';

/**
 * Adds the SSM documents of a runbook, one for each `.automation.yaml` and `.command.yaml` of its folder. Answers the ARNs
 * of the commands that only look, which `run-command` may send.
 */
export function addRunbookDocuments(scope: Construct, { directory, manifest }: RunbookFolder): readonly string[] {
  for (const file of readdirSync(directory).sort()) {
    const [, name, kind] = /^(.+)\.(automation|command)\.yaml$/.exec(file) ?? [];
    if (!name || !kind) continue;
    new CfnDocument(scope, `${name}-${kind}`, {
      name: documentName(manifest.id, name, kind),
      documentType: kind === 'automation' ? 'Automation' : 'Command',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: parse(readFileSync(join(directory, file), 'utf8')),
    });
  }
  return manifest.commands.map((name) =>
    ownArn(scope, 'ssm', `document/${documentName(manifest.id, name, 'command')}`),
  );
}
