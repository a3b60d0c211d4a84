import type { Environment } from './environment.ts';
import { Identity } from './identity.ts';
import type { Members } from '../members.ts';
import { LazyProperties } from './lazy-properties.ts';
import type { Scope } from './scope.ts';
import type { ResourceDeclaration } from './template.ts';

/** One resource of a stack as it would stand in the account after deployment. */
export class Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** The construct path that the CDK notes as `aws:cdk:path`. */
  readonly path: string | undefined;
  readonly #properties: LazyProperties;
  readonly #identity: Identity;
  readonly #dependencies: ReadonlySet<string>;
  #physicalId: string | undefined;
  #arn: { readonly value: string | undefined } | undefined;

  constructor(
    declaration: ResourceDeclaration,
    stackName: string,
    scope: Scope & { readonly environment: Environment },
    dependencies: ReadonlySet<string>,
  ) {
    const { logicalId, type, properties, metadata } = declaration;
    this.stack = stackName;
    this.logicalId = logicalId;
    this.type = type;
    this.path = typeof metadata['aws:cdk:path'] === 'string' ? metadata['aws:cdk:path'] : undefined;
    const lazy = new LazyProperties(properties, scope, `${stackName}/${logicalId}`);
    this.#properties = lazy;
    const property = (name: string) => lazy.get(name);
    this.#identity = new Identity({ environment: scope.environment, stackName, logicalId, type, property });
    this.#dependencies = dependencies;
  }

  /** The properties, every intrinsic function resolved. */
  get properties(): Members {
    return this.#properties.all();
  }

  /** What `Ref` gives. Throws an `UnsupportedInSandboxError` for a type whose names the sandbox does not know. */
  get physicalId(): string {
    this.#physicalId ??= this.#identity.ref();
    return this.#physicalId;
  }

  /** The ARN, or undefined for a resource without one and for a type whose names the sandbox does not know. */
  get arn(): string | undefined {
    this.#arn ??= { value: this.#identity.arn() };
    return this.#arn.value;
  }

  /** The logical ids, in this stack, of the resources that must exist before this one. */
  get dependsOn(): readonly string[] {
    return [...this.#dependencies];
  }

  /** What `Fn::GetAtt` gives. Throws an `AssemblyError` for an attribute that AWS does not give. */
  attribute(name: string): string {
    return this.#identity.attribute(name);
  }
}
