import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { diagnosticNames } from '../functions/domain/diagnostic-names.ts';
import { recordAt } from '../functions/domain/fields.ts';
import { listFunctions } from '../infra/list-functions.ts';
import { substitutionsOf } from '../infra/names.ts';

/** What the rules have to know of the project around a runbook. */
export interface ProjectFacts {
  /** Runbooks whose definition asl-validator has found right before: it takes longer than all else together. @default none */
  readonly seenDefinitions?: ReadonlySet<string>;
  readonly root: string;
  /** What a definition's `${…}` may name. */
  readonly substitutions: readonly string[];
  /** Names of the diagnostics that `diagnose` knows. */
  readonly diagnostics: readonly string[];
  /** Parameters of those documents of AWS that the sandbox knows, by the document's name. */
  readonly awsDocuments: ReadonlyMap<string, readonly string[]>;
}

/** Reads the facts of a checkout. */
export function readProjectFacts(root: string): ProjectFacts {
  const substitutions = substitutionsOf(listFunctions(root), () => '', {
    highUrgencyTopicArn: '',
    quarantineQueueUrl: '',
  });
  return {
    root,
    substitutions: [...Object.keys(substitutions), 'RunbookId'].toSorted(),
    diagnostics: diagnosticNames,
    awsDocuments: readAwsDocuments(root),
  };
}

function readAwsDocuments(root: string): Map<string, readonly string[]> {
  const folder = join(root, 'sandbox/ssm/aws-documents');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return new Map(
    files.map((file) => {
      const document: unknown = parse(readFileSync(join(folder, file), 'utf8'));
      return [file.slice(0, -'.yaml'.length), Object.keys(recordAt(document, 'content.parameters'))];
    }),
  );
}
