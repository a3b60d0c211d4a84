import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where the templates of `handsoff new` are. */
export const templatesFolder = fileURLToPath(new URL('../templates/', import.meta.url));

/** What starts a runbook. */
export const triggers = ['alarm', 'event', 'webhook'] as const;
export type Trigger = (typeof triggers)[number];

const text = z.string().min(1);
const parameters = z.record(text, z.strictObject({ from: text, pattern: text }));
const target = z.strictObject({
  noun: text,
  state: text,
  type: text,
  metric: text,
  threshold: z.number(),
  dimensions: z.record(text, text),
  id: text,
  arn: text,
  parameters: z.strictObject({ alarm: parameters, event: parameters.optional() }),
  change: z.strictObject({
    document: text,
    state: text,
    contains: text.optional(),
    does: text,
    by_hand: text,
    command: text,
    undo: text,
    mutations: z.array(text).min(1),
    resource: text,
    call: text,
    timeout: text,
  }),
});

/** What `handsoff new` knows of one kind of target. */
export type Target = z.output<typeof target>;

/** The kinds of targets, by name: `cli/templates/targets.yaml`. */
export function readTargets(): Readonly<Record<string, Target>> {
  return z.record(text, target).parse(parse(readFileSync(`${templatesFolder}targets.yaml`, 'utf8')));
}
