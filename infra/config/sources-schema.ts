import jsonata from 'jsonata';
import { z } from 'zod';
import type { Integration } from '../../functions/domain/integrations.ts';
import { type Mapping, neededMappings, possibleMappings } from '../../functions/domain/mapping.ts';
import { awsEventKinds } from '../event-patterns.ts';
import { id, named, reportTwice, whyUnsafe } from './values.ts';

/** Formats of webhooks, as `functions/adapters/intake/formats/` has them; changes come in by the keys of `pagerduty`. */
const formatNames = [
  'pagerduty',
  'alertmanager',
  'grafana',
  'datadog',
  'sns',
  'cloudevents',
  'sentry',
  'new-relic',
  'custom',
] as const;

const header = z.string().regex(/^[a-z0-9-]{1,64}$/, 'is no name of a header in lower case, such as x-my-token');

const auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('routing-key') }),
  z.strictObject({ kind: z.literal('bearer'), header: header.optional() }),
  z.strictObject({ kind: z.literal('basic') }),
  z.strictObject({
    kind: z.literal('hmac'),
    header,
    timestamp_header: header.optional(),
    encoding: z.enum(['hex', 'base64']),
    prefix: z.string().max(20).optional(),
  }),
  z.strictObject({
    kind: z.literal('sns-signature'),
    topic_arn: z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'is no ARN of a standard topic'),
  }),
]);

const expression = z
  .string()
  .min(1)
  .max(2000)
  .superRefine((text, context) => {
    try {
      for (const found of regularExpressionsIn(jsonata(text).ast())) {
        const message = whyUnsafe(found);
        if (message) context.addIssue({ code: 'custom', message });
      }
    } catch (error) {
      const message = error instanceof Object && 'message' in error ? String(error.message) : String(error);
      context.addIssue({ code: 'custom', message: `is no JSONata expression: ${message}` });
    }
  });

function regularExpressionsIn(node: unknown): RegExp[] {
  if (node instanceof RegExp) return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(regularExpressionsIn) : [];
}

const mapping = z.strictObject({
  ...Object.fromEntries(neededMappings.map((name) => [name, expression])),
  ...Object.fromEntries(possibleMappings.map((name) => [name, expression.optional()])),
});

/** The partner buses whose events have an adapter in `functions/adapters/intake/`. */
const partnerBus = z
  .string()
  .regex(
    /^aws\.partner\/(datadog|newrelic|pagerduty)\.com\/[\w./-]{1,200}$/,
    'is no partner event bus of Datadog, New Relic or PagerDuty, such as aws.partner/datadog.com/my-account',
  );

/** Formats whose senders say who they are in one way, that no other has. By `custom` anything can be read, SNS's too. */
const ownAuths: readonly { format: string; mayAlso?: string; kind: string; must: string }[] = [
  {
    format: 'pagerduty',
    kind: 'routing-key',
    must: 'must be { kind: routing-key }: that is how clients of PagerDuty say who they are',
  },
  {
    format: 'sns',
    mayAlso: 'custom',
    kind: 'sns-signature',
    must: 'must be { kind: sns-signature, topic_arn: … }: without it no subscription is ever confirmed',
  },
];

/** `sources.yaml` */
export const sourcesFile = z.strictObject({
  aws_events: z.array(z.enum(awsEventKinds.map(({ name }) => name))).superRefine(reportTwice),
  partner_buses: z.array(partnerBus).superRefine(reportTwice),
  integrations: named(
    z
      .strictObject({ id, format: z.enum(formatNames), auth, mapping: mapping.optional() })
      .superRefine((integration, context) => {
        if ((integration.format === 'custom') !== (integration.mapping !== undefined)) {
          const message = 'goes with the format custom, and with no other: what of a body becomes what';
          context.addIssue({ code: 'custom', path: ['mapping'], message });
        }
        for (const { format, mayAlso, kind, must } of ownAuths) {
          const isOfFormat = integration.format === format;
          if (isOfFormat === (integration.auth.kind === kind) || integration.format === mayAlso) continue;
          const whose = mayAlso ? `the formats ${format} and ${mayAlso}` : `the format ${format}`;
          const message = isOfFormat ? must : `${kind} is for ${whose} alone`;
          context.addIssue({ code: 'custom', path: ['auth'], message });
        }
      }),
  ),
});

/** What is deployed of them: their paths and the names of their secrets. */
export function integrationsFrom({ integrations }: z.output<typeof sourcesFile>): Integration[] {
  return integrations.map(({ mapping, ...integration }) => ({
    ...(integration as Pick<Integration, 'id' | 'format' | 'auth'>),
    path: integration.format === 'pagerduty' ? '/v2/enqueue' : `/integrations/${integration.id}`,
    ...(integration.auth.kind !== 'sns-signature' && { secret: `handsoff/integrations/${integration.id}` }),
    // The schema is made from the names of the mapping's fields, which its type does not know.
    ...(mapping && { mapping: mapping as unknown as Mapping }),
  }));
}
