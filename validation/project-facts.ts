import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { substitutionsOf } from '../infra/names.ts';

/** What the rules have to know of the project around a runbook. */
export interface ProjectFacts {
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
    diagnostics: readDiagnostics(root),
    awsDocuments: readAwsDocuments(root),
  };
}

/** As the stack lists them; to ask it would load the bundler. */
function listFunctions(root: string): string[] {
  return readdirSync(join(root, 'functions')).filter((name) => existsSync(join(root, 'functions', name, 'handler.ts')));
}

/** From the function's own text: to load it would take AWS clients and an environment. */
function readDiagnostics(root: string): string[] {
  const text = readFileSync(join(root, 'functions/diagnose/handler.ts'), 'utf8');
  const table = /^ {2}diagnostics: \{$(.*?)^ {2}\},$/ms.exec(text)?.[1] ?? '';
  const names = [...table.matchAll(/^ {4}'?([\w-]+)'?:/gm)].flatMap(([, name]) => name ?? []);
  if (names.length === 0)
    throw new Error('functions/diagnose/handler.ts has no table of diagnostics any more; teach validation to find it.');
  return names.toSorted();
}

function readAwsDocuments(root: string): Map<string, readonly string[]> {
  const folder = join(root, 'sandbox/ssm/aws-documents');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return new Map(
    files.map((file) => {
      const document: unknown = parse(readFileSync(join(folder, file), 'utf8'));
      return [file.slice(0, -'.yaml'.length), parametersOf(document)];
    }),
  );
}

function parametersOf(document: unknown): string[] {
  const content: unknown = typeof document === 'object' && document !== null ? Reflect.get(document, 'content') : {};
  const parameters: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, 'parameters') : {};
  return Object.keys(typeof parameters === 'object' && parameters !== null ? parameters : {});
}
