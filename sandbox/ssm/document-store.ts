import { type AwsCall, AwsError } from '../aws.ts';
import { documentName, loadDocuments, type RunnableDocument } from './documents.ts';
import type { DocumentDescription } from './options.ts';

type Input = AwsCall['input'];

/** The documents of the account, and those of AWS that the sandbox has. */
export class DocumentStore {
  readonly #described: Map<string, DocumentDescription>;
  readonly #runnable: Map<string, RunnableDocument>;

  /** Throws as `loadDocuments` does. */
  constructor(described: readonly DocumentDescription[]) {
    this.#described = new Map(described.map((document) => [document.name, document]));
    this.#runnable = new Map();
    for (const document of loadDocuments(described).values()) this.#add(document);
  }

  /** As they run: by name in the default version, and by name and version as `findDocument` asks. */
  get runnable(): ReadonlyMap<string, RunnableDocument> {
    return this.#runnable;
  }

  /** `GetDocument`, of a document of the account as JSON. */
  get(input: Input): Record<string, unknown> {
    const { name, documentType, content } = this.#find(input);
    return {
      Name: name,
      DocumentVersion: this.#versionOf(name),
      Status: 'Active',
      DocumentType: documentType,
      DocumentFormat: 'JSON',
      Content: JSON.stringify(content),
    };
  }

  /** `UpdateDocument`, which makes the new content the default at once, as the console's editor does. */
  update(input: Input): Record<string, unknown> {
    const document = { ...this.#find(input), content: readContent(input['Content']) };
    const runnable = loadDocuments([document]).get(document.name);
    const version = String(Number(this.#versionOf(document.name)) + 1);
    if (runnable) this.#add({ ...runnable, version });
    this.#described.set(document.name, document);
    return {
      DocumentDescription: {
        Name: document.name,
        DocumentType: document.documentType,
        DocumentVersion: version,
      },
    };
  }

  /** A version is added to those that are there, and is the default from then on. */
  #add(document: RunnableDocument): void {
    this.#runnable.set(document.name, document);
    this.#runnable.set(`${document.name}:${document.version}`, document);
  }

  #versionOf(name: string): string {
    return this.#runnable.get(name)?.version ?? '1';
  }

  #find(input: Input): DocumentDescription {
    const name = documentName(input['Name']);
    const found = this.#described.get(name);
    if (!found) throw new AwsError('InvalidDocument', `There is no document ${name} in this account.`);
    return found;
  }
}

function readContent(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new AwsError('InvalidDocumentContent', 'The content of the document is not JSON.');
  }
}
