import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { documentName } from '../catalog-entry.ts';
import type { RunbookFolder } from '../config/load-config.ts';
import { documentsOf } from '../folder-documents.ts';
import { ownArn } from './own-arn.ts';

/**
 * Adds the SSM documents of a runbook, one for each `.automation.yaml` and `.command.yaml` of its folder. Answers the ARNs
 * of the commands that only look, which `run-command` may send.
 */
export function addRunbookDocuments(scope: Construct, { directory, manifest }: RunbookFolder): readonly string[] {
  for (const { name, kind, content } of documentsOf(directory)) {
    const document = new CfnDocument(scope, `${name}-${kind}`, {
      name: documentName(manifest.id, name, kind),
      documentType: kind === 'automation' ? 'Automation' : 'Command',
      // JSON is YAML as well, and only in a document that is called YAML may a script stand.
      // https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-executeScript.html
      documentFormat: 'YAML',
      updateMethod: 'NewVersion',
      content: {},
    });
    // As a text: of an object CloudFormation gives numbers and booleans to SSM as texts, which is not what was rehearsed.
    // https://github.com/aws-cloudformation/cloudformation-cli/issues/435
    document.addPropertyOverride('Content', JSON.stringify(content));
  }
  return manifest.commands.map((name) =>
    ownArn(scope)('ssm', `document/${documentName(manifest.id, name, 'command')}`),
  );
}
