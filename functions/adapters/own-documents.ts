import { GetDocumentCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { hashOfDeployed, type Place } from '../domain/certificate.ts';
import type { BuiltDocument } from '../domain/deployed-config.ts';

/** Somebody has edited a document since it was deployed: it is not run. Never retried. */
export class DocumentChangedError extends Error {
  override readonly name = 'DocumentChangedError' as const;

  constructor(document: string) {
    super(
      `The document ${document} is not what was deployed, so it is not run; docs/operations.md says how to mend it.`,
    );
  }
}

/** What a document says, as JSON, and which version of it that is. */
export interface DocumentText {
  readonly content: string;
  readonly version: string;
}

/** The default version: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetDocument.html */
export async function readDocument(client: SSMClient, name: string): Promise<DocumentText> {
  const answer = await client.send(new GetDocumentCommand({ Name: name, DocumentFormat: 'JSON' }));
  return { content: answer.Content ?? '', version: answer.DocumentVersion ?? '' };
}

/** The documents of the stack, compared with what was built right before they are run: somebody may edit one at any time. */
export class OwnDocuments {
  readonly #client: SSMClient;
  readonly #built: readonly BuiltDocument[];
  readonly #place: Place;

  constructor(client: SSMClient, built: readonly BuiltDocument[], place: Place) {
    this.#client = client;
    this.#built = built;
    this.#place = place;
  }

  /**
   * The version of each document of a runbook, by its name: a version never changes, so that to run it is to run what
   * was built. Throws a `DocumentChangedError` where one is something else by now.
   */
  async versionsOf(runbook: string): Promise<ReadonlyMap<string, string>> {
    const documents = this.#built.filter((built) => built.runbook === runbook);
    return new Map(
      await Promise.all(documents.map(async (built) => [built.name, await this.#versionOf(built)] as const)),
    );
  }

  /** The version of one document. Throws a `DocumentChangedError` also for one that the stack does not have. */
  async versionOf(name: string): Promise<string> {
    const built = this.#built.find((document) => document.name === name);
    if (!built) throw new DocumentChangedError(name);
    return this.#versionOf(built);
  }

  async #versionOf({ name, sha256 }: BuiltDocument): Promise<string> {
    const { content, version } = await readDocument(this.#client, name);
    if (hashOfDeployed(content, this.#place) !== sha256) throw new DocumentChangedError(name);
    return version;
  }
}
