import type { IntegrationSecrets } from '../adapters/integration-secrets.ts';
import type { Fields } from '../domain/fields.ts';
import type { Integration } from '../domain/integrations.ts';
import { isProven, readProof } from './proof.ts';
import type { WebhookRequest } from './read-request.ts';
import type { SnsCertificates } from './sns-certificates.ts';
import { readSnsMessage, type SnsMessage } from './sns-message.ts';

/** A request of a sender that is known. */
export interface Authentic {
  readonly integration: Integration;
  /** The values that the integration is known by; nothing that leaves the function may repeat one. */
  readonly secrets: readonly string[];
  /** Names a request that could be captured and sent again. */
  readonly replayId?: string;
  readonly sns?: SnsMessage;
}

/** What authentication asks. */
export interface AuthenticationPorts {
  readonly secrets: Pick<IntegrationSecrets, 'read'>;
  readonly certificates: Pick<SnsCertificates, 'keyAt'>;
}

/** The parts of a request that vouch for it. */
export interface Credentials {
  readonly request: WebhookRequest;
  readonly body: Buffer;
  /** Members of the body; called only where the credential stands in the body. */
  readonly members: () => Fields;
}

/** A rotated secret is looked for when none fits, but not more often than this. */
const secretRetryAgeSeconds = 30;

/**
 * Finds the integration that a request proves to be of. Undefined when it proves to be of none. Throws when that cannot
 * be told, because a secret cannot be read: the sender has to come back.
 */
export async function authenticate(
  integrations: readonly Integration[],
  credentials: Credentials,
  ports: AuthenticationPorts,
  now: Date,
): Promise<Authentic | undefined> {
  const known = await findProven(integrations, credentials, ports, now);
  return known ?? findProven(integrations, credentials, ports, now, secretRetryAgeSeconds);
}

async function findProven(
  integrations: readonly Integration[],
  credentials: Credentials,
  ports: AuthenticationPorts,
  now: Date,
  maxAgeSeconds?: number,
): Promise<Authentic | undefined> {
  const tries = integrations.map(async (one) => prove(one, credentials, ports, now, maxAgeSeconds));
  const settled = await Promise.allSettled(tries);
  const proven = settled.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []))[0];
  const failed = settled.find((result) => result.status === 'rejected');
  if (!proven && failed) throw failed.reason;
  return proven;
}

async function prove(
  integration: Integration,
  { request, body, members }: Credentials,
  { secrets, certificates }: AuthenticationPorts,
  now: Date,
  maxAgeSeconds?: number,
): Promise<Authentic | undefined> {
  const { auth, secret = '', id } = integration;
  if (auth.kind === 'sns-signature') {
    const sns = await readSnsMessage(members(), auth.topic_arn, certificates, now);
    return sns && { integration, secrets: [], replayId: `sns:${id}:${sns.id}`, sns };
  }
  const proof = readProof(auth, request, body, members, now);
  if (!proof) return undefined;
  const values = await secrets.read(secret, maxAgeSeconds);
  if (!isProven(proof, values)) return undefined;
  return { integration, secrets: values, ...(proof.replayId && { replayId: `${id}:${proof.replayId}` }) };
}
