import safeRegex from 'safe-regex2';
import { z } from 'zod';
import { compilePattern } from '../../event-pattern/pattern.ts';
import { whyNeverMatched } from './alert-fields.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `15m`, `2h` or `1d`, read as seconds. */
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, 'is not a duration; write one such as 90s, 15m, 2h or 1d')
  .transform((text) => Number(text.slice(0, -1)) * (unitSeconds[text.at(-1) ?? ''] ?? 1));

/** One that a person can wait for. Far longer ones outlive what is remembered of an alert, and what a state machine may wait. */
export const shortDuration = duration.refine((seconds) => seconds <= 86_400, 'may be 1d at the most');

/** The name of a thing in the configuration. */
export const id = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be kebab-case, such as disk-space-low')
  .max(40, 'may have 40 characters at the most: the names of state machines are made from it');

/** The name of the kill switch that stops every runbook; each has one of its own name beside it. */
export const globalSwitch = 'global';

/** The name of a runbook. */
export const runbookId = id.refine(
  (name) => name !== globalSwitch,
  `may not be ${globalSwitch}: so the kill switch of all runbooks is called; choose another name`,
);

/** An EventBridge pattern over the alert. */
export const pattern = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  try {
    compilePattern(value);
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `is not an event pattern: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
});

/** The same in `config/`, where nobody rehearses whether it ever matches. */
export const matchingPattern = pattern.superRefine((value, context) => {
  for (const { path, message } of whyNeverMatched(value))
    context.addIssue({ code: 'custom', path: [...path], message });
});

/** Names that stand in a list: each of them once. */
export function reportTwice(
  names: readonly string[],
  context: z.core.$RefinementCtx,
  ...below: readonly string[]
): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    context.addIssue({
      code: 'custom',
      path: [index, ...below],
      message: `${name} stands here twice; rename one, or take it out`,
    });
  }
}

/** Things of the configuration, each of a name of its own: by that it is looked up, and told of. */
export function named<Thing extends z.ZodType<{ readonly id: string }>>(thing: Thing) {
  return z.array(thing).superRefine((things, context) => {
    reportTwice(
      things.map(({ id: name }) => name),
      context,
      'id',
    );
  });
}

/** Why a regular expression must not be tried on what a sender writes: some texts would keep it busy for hours. */
export function whyUnsafe(regularExpression: string | RegExp): string | undefined {
  if (safeRegex(regularExpression, { limit: 100 })) return undefined;
  return `repeats what is repeated already (${String(regularExpression)}), which on some texts takes without an end; write it without, such as [a-z0-9-]+ for ([a-z0-9]+-?)+`;
}
