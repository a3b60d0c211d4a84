import { z } from 'zod';
import { id, named } from './values.ts';

/** What Rundeck calls a job: https://docs.rundeck.com/docs/manual/jobs/ */
const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is not the UUID of a job, as its page in Rundeck shows it');
const optionName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'is not the name of an option');

/** `https://host[:port][/path]`, with nothing in it that a request would carry along. */
const baseUrl = z.string().superRefine((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (url?.protocol === 'https:' && isPlain) return;
  context.addIssue({ code: 'custom', message: 'must be an https URL without user, query or fragment' });
});

const rundeck = z.strictObject({
  url: baseUrl,
  /** https://docs.rundeck.com/docs/api/rundeck-api-versions.html: JSON came with 14, options as a map with 18. */
  api_version: z.int().min(14, 'must be 14 or later: before, Rundeck spoke no JSON').max(99).default(18),
  /** Whether the URL may lead into your own network. */
  allow_private: z.boolean().default(false),
  jobs: named(z.strictObject({ id, job: uuid, options: z.array(optionName).default([]) })).default([]),
});

/** `executors.yaml`: what beside AWS may carry out a change. */
export const executorsFile = z.strictObject({ rundeck: rundeck.optional() });
