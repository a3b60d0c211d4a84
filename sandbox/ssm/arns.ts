import type { RunnableDocument } from './documents.ts';

/** The ARNs of Systems Manager: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export class SystemsManagerArns {
  readonly #region: string;
  readonly #account: string;

  constructor({ region, account }: { readonly region: string; readonly account: string }) {
    this.#region = region;
    this.#account = account;
  }

  parameter(name: string): string {
    return this.#arn(`parameter${name.startsWith('/') ? '' : '/'}${name}`);
  }

  execution(id: string): string {
    return this.#arn(`automation-execution/${id}`);
  }

  /** Documents of AWS belong to no account. */
  definition({ name, isOwnedByAws }: Pick<RunnableDocument, 'name' | 'isOwnedByAws'>, version: string): string {
    return this.#arn(`automation-definition/${name}:${version}`, isOwnedByAws ? '' : this.#account);
  }

  document({ name, isOwnedByAws }: Pick<RunnableDocument, 'name' | 'isOwnedByAws'>): string {
    return this.#arn(`document/${name}`, isOwnedByAws ? '' : this.#account);
  }

  node(id: string): string {
    if (id.startsWith('mi-')) return this.#arn(`managed-instance/${id}`);
    return `arn:aws:ec2:${this.#region}:${this.#account}:instance/${id}`;
  }

  #arn(resource: string, account: string = this.#account): string {
    return `arn:aws:ssm:${this.#region}:${account}:${resource}`;
  }
}
