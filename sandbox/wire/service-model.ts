import { createRequire } from 'node:module';
import { NormalizedSchema } from '@smithy/core/schema';
import { UnsupportedInSandboxError } from '../aws.ts';

/** What a service's own SDK client knows about one of its operations. */
export interface OperationModel {
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** How a schema says that the Query and EC2 protocols spell a member. */
export interface XmlTraits {
  readonly xmlName?: string;
  readonly xmlFlattened?: 1 | boolean;
  readonly ec2QueryName?: string;
}

/** The name in a signature's credential scope, where it differs from the name of the SDK's client package. */
const clientNames: Readonly<Record<string, string>> = {
  states: 'sfn',
  events: 'eventbridge',
  monitoring: 'cloudwatch',
  logs: 'cloudwatch-logs',
  secretsmanager: 'secrets-manager',
  autoscaling: 'auto-scaling',
  elasticloadbalancing: 'elastic-load-balancing-v2',
};

/** The SDK client package (without `client-`) behind the name that a request is signed for. */
export function clientNameOf(signingName: string): string {
  return clientNames[signingName] ?? signingName;
}

// Required, and not imported: Node.js reads a package of this kind three times over before it imports it. It keeps what it loads.
const require = createRequire(import.meta.url);

/**
 * The operation as the installed SDK client describes it: its schemas are the service's own model. Throws an
 * `UnsupportedInSandboxError` for a service whose client is not installed, and for an operation it does not have.
 */
export function operationModel(service: string, operation: string): OperationModel {
  const schema = schemaOf(service, operation);
  if (!Array.isArray(schema))
    throw new UnsupportedInSandboxError(`the operation ${service}:${operation}, which the SDK client does not know`);
  const [, , , , input, output] = schema;
  return { input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) };
}

/** Whether a service has an operation of that name; undefined for one whose client is not installed. */
export function hasOperation(service: string, operation: string): boolean | undefined {
  try {
    return Array.isArray(schemaOf(service, operation));
  } catch (error) {
    if (error instanceof UnsupportedInSandboxError) return undefined;
    throw error;
  }
}

function schemaOf(service: string, operation: string): unknown {
  return loadClient(service)[`${operation}$`];
}

function loadClient(service: string): Readonly<Record<string, unknown>> {
  try {
    return require(`@aws-sdk/client-${service}`);
  } catch (cause) {
    const error = new UnsupportedInSandboxError(
      `the service ${service} over the wire; install @aws-sdk/client-${service} to have its model`,
    );
    error.cause = cause;
    throw error;
  }
}

/** The schema of a member, or an error that names it: a misspelt answer must not look like an empty one. */
export function memberOf(schema: NormalizedSchema, name: string, path: string): NormalizedSchema {
  try {
    return schema.getMemberSchema(name);
  } catch {
    throw new UnknownMemberError(path, name, Object.keys(schema.getMemberSchemas()));
  }
}

/** Raised for an answer with a member that its operation does not have. */
export class UnknownMemberError extends Error {
  override readonly name = 'UnknownMemberError' as const;

  constructor(path: string, member: string, known: readonly string[]) {
    super(
      `${path} has no member ${member}; it has ${known.join(', ') || 'none'}. Mend the answer that the world gives.`,
    );
  }
}

/** Raised for an answer in which a member is of another kind than its operation says. */
export class WrongKindError extends Error {
  override readonly name = 'WrongKindError' as const;

  constructor(path: string, kind: string, value: unknown) {
    super(`${path} must be ${kind}, and is ${JSON.stringify(value)}. Mend the answer that the world gives.`);
  }
}
