import { type Mapping, neededMappings } from './mapping.ts';

/** How a sender proves who it is. Header names are in lower case. */
export type IntegrationAuth =
  /** The `routing_key` of a PagerDuty event, in its body or in the header `x-routing-key`: 32 characters. */
  | { readonly kind: 'routing-key' }
  /** `Authorization: Bearer <secret>`, or the bare secret in a header of the sender's own. */
  | { readonly kind: 'bearer'; readonly header?: string }
  /** `Authorization: Basic`, where the secret is `user:password`. */
  | { readonly kind: 'basic' }
  /**
   * HMAC-SHA256 of the body or, where the sender sends its time, of `<unix seconds>:<body>`. Without a time a captured
   * request can be sent again once it is forgotten, about an hour later.
   */
  | {
      readonly kind: 'hmac';
      readonly header: string;
      readonly timestamp_header?: string;
      readonly encoding: 'hex' | 'base64';
      /** What stands before the digest, such as `sha256=`. */
      readonly prefix?: string;
    }
  /** Amazon's own signature, version 2, of messages of one topic. */
  | { readonly kind: 'sns-signature'; readonly topic_arn: string };

/** One sender that may send alerts over HTTP: what `config/sources.yaml` deploys of it. */
export interface Integration {
  readonly id: string;
  /** Name of the webhook format that its bodies have. */
  readonly format: string;
  readonly auth: IntegrationAuth;
  /** Name of its secret; senders that Amazon signs for have none. */
  readonly secret?: string;
  /** Of the format `custom`: what of its bodies becomes what. */
  readonly mapping?: Mapping;
  /** `/integrations/<id>`, or `/v2/enqueue` for every integration that is told apart by its routing key. */
  readonly path: string;
}

/** Raised at cold start for a deployed configuration whose integrations are not what was checked at synth. */
export class InvalidIntegrationError extends Error {
  override readonly name = 'InvalidIntegrationError' as const;
}

const authFields: Readonly<Record<IntegrationAuth['kind'], readonly string[]>> = {
  'routing-key': [],
  bearer: [],
  basic: [],
  hmac: ['header', 'encoding'],
  'sns-signature': ['topic_arn'],
};

/** The integrations of the deployed configuration; none where it names none. Throws `InvalidIntegrationError`. */
export function integrationsOf(config: object): readonly Integration[] {
  const listed: unknown = Reflect.get(config, 'integrations') ?? [];
  if (!Array.isArray(listed))
    throw new InvalidIntegrationError('The deployed integrations are no list; synthesise again.');
  return listed.map((row: unknown, index) => {
    if (isIntegration(row)) return row;
    throw new InvalidIntegrationError(
      `Integration ${index} of the deployed configuration is broken; synthesise again.`,
    );
  });
}

function isIntegration(row: unknown): row is Integration {
  if (!hasTexts(row, ['id', 'format', 'path'])) return false;
  const auth: unknown = Reflect.get(row, 'auth');
  if (!hasTexts(auth, ['kind'])) return false;
  const kind: unknown = Reflect.get(auth, 'kind');
  const fields = Object.entries(authFields).find(([name]) => name === kind)?.[1];
  const needsSecret = kind !== 'sns-signature';
  const isMapped = Reflect.get(row, 'format') !== 'custom' || hasTexts(Reflect.get(row, 'mapping'), neededMappings);
  return fields !== undefined && hasTexts(auth, fields) && (!needsSecret || hasTexts(row, ['secret'])) && isMapped;
}

function hasTexts(value: unknown, names: readonly string[]): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => {
    const text: unknown = Reflect.get(value, name);
    return typeof text === 'string' && text !== '';
  });
}
