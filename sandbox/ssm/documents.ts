import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { AwsError, UnsupportedInSandboxError } from '../aws.ts';
import { findAction } from './actions/find-action.ts';
import { flattenSteps } from './actions/loop.ts';
import { type AutomationContent, automationSchema, type CommandContent, commandSchema } from './document-schema.ts';
import type { DocumentDescription } from './options.ts';
import { findReferences } from './references.ts';
import { validateDocument } from './validate-document.ts';

const OWNED_URL = new URL('./aws-documents/', import.meta.url);
const ownedSchema = z.strictObject({ documentType: z.enum(['Automation', 'Command']), content: z.unknown() });

/** A version of a document that runs in the sandbox. */
export type RunnableDocument = { readonly name: string; readonly version: string; readonly isOwnedByAws: boolean } & (
  | { readonly documentType: 'Automation'; readonly content: AutomationContent }
  | { readonly documentType: 'Command'; readonly content: CommandContent }
);

/**
 * The documents of the account and those of AWS that the sandbox has, by name. Throws an `AwsError` with everything
 * that AWS would refuse in them, or an `UnsupportedInSandboxError` for what only the sandbox cannot run.
 */
export function loadDocuments(described: readonly DocumentDescription[]): ReadonlyMap<string, RunnableDocument> {
  const own = described.map((document) => ({ ...document, isOwnedByAws: false }));
  const all = [...readOwned(), ...own];
  for (const document of all) refuseUnsupportedMembers(document);
  const problems = all.flatMap(({ name, documentType, content }) =>
    validateDocument(content, documentType).map(({ path, message }) => `${name}: ${path}: ${message}`),
  );
  if (problems.length > 0) throw new AwsError('InvalidDocumentContent', problems.join('\n'));
  const documents = all.map(toRunnable);
  for (const document of documents) refuseUnsupportedSteps(document);
  return new Map(documents.map((document) => [document.name, document]));
}

/**
 * A version of a document by its name or ARN; undefined when there is none. Throws for a document of AWS that the sandbox
 * lacks.
 */
export function findDocument(
  documents: ReadonlyMap<string, RunnableDocument>,
  nameOrArn: unknown,
  version: unknown = '$DEFAULT',
): RunnableDocument | undefined {
  const name = documentName(nameOrArn);
  const isNewest = version === '$DEFAULT' || version === '$LATEST';
  const found = documents.get(isNewest ? name : `${name}:${String(version)}`);
  if (!documents.has(name) && /^(AWS|Amazon)[A-Za-z]*-/.test(name))
    throw new UnsupportedInSandboxError(`the document ${name} of AWS`);
  return found;
}

/** The name that a document's name or ARN carries. */
export function documentName(nameOrArn: unknown): string {
  if (typeof nameOrArn !== 'string' || nameOrArn === '')
    throw new AwsError('ValidationException', 'DocumentName must be given.');
  const [, name = nameOrArn] =
    /^arn:[^:]*:ssm:[^:]*:[^:]*:(?:document|automation-definition)\/([^:]+)/.exec(nameOrArn) ?? [];
  return name;
}

function readOwned() {
  const files = readdirSync(OWNED_URL).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => {
    const owned = ownedSchema.parse(parse(readFileSync(new URL(file, OWNED_URL), 'utf8')));
    return { name: file.slice(0, -'.yaml'.length), ...owned, isOwnedByAws: true };
  });
}

function toRunnable({
  name,
  isOwnedByAws,
  documentType,
  content,
}: DocumentDescription & { isOwnedByAws: boolean }): RunnableDocument {
  if (documentType === 'Automation')
    return { name, version: '1', isOwnedByAws, documentType, content: automationSchema.parse(content) };
  return { name, version: '1', isOwnedByAws, documentType, content: commandSchema.parse(content) };
}

/** Members that AWS takes, so that calling them invalid would be wrong. */
function refuseUnsupportedMembers({ name, content }: DocumentDescription): void {
  const members = typeof content === 'object' && content !== null ? Object.keys(content) : [];
  const member = members.find((key) => key === 'files');
  if (member) throw new UnsupportedInSandboxError(`${member} in the document ${name}`);
  const reference = findReferences(content, '').find(({ reference }) =>
    /^(ssm|ssm-secure|secretsmanager|resource):/.test(reference),
  );
  if (reference)
    throw new UnsupportedInSandboxError(`{{ ${reference.reference} }} at ${reference.path} of the document ${name}`);
}

function refuseUnsupportedSteps(document: RunnableDocument): void {
  const { name, documentType, content } = document;
  const actions =
    documentType === 'Command'
      ? content.mainSteps.map((step) => ({ ...step, isSupported: step.action === 'aws:runShellScript' }))
      : flattenSteps(content.mainSteps).map((step) => ({
          ...step,
          isSupported: findAction(step.action) !== undefined,
        }));
  const refused = actions.find(({ isSupported }) => !isSupported);
  if (refused)
    throw new UnsupportedInSandboxError(
      `the action ${refused.action} of the step ${refused.name} in the document ${name}`,
    );
}
