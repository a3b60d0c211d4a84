import { z } from 'zod';
import { entryKinds } from '../functions/domain/incident.ts';
import { awsError, callName, inputPattern } from '../sandbox/world/description.ts';
import { parseWorld, type WorldDescription, WorldDescriptionError } from '../sandbox/world/world.ts';

/** The ways in which a call to AWS breaks that every AWS service has. */
export const faultKinds = ['throttled', 'access-denied', 'server-error', 'timeout'] as const;
/** One that only those have whose answers list what did not succeed: the call succeeds, and lists everything there. */
const breakKinds = [...faultKinds, 'partial'] as const;
/** What approvers do: `asks-late` agrees only after the question has expired. */
const approvers = ['agrees', 'refuses', 'silent', 'asks-late'] as const;
/** What the machine of a runbook answers. */
const outcomes = ['recovered', 'contained', 'diagnosed', 'needs-human'] as const;
/** What a diagnostic says. */
const verdicts = ['healthy', 'unhealthy', 'unknown', 'failed'] as const;

const subjects = ['call', 'lost', 'late', 'chat', 'duplicate'] as const;

const fault = z
  .strictObject({
    call: callName.optional(),
    error: z
      .union(
        [z.enum(breakKinds), awsError],
        `must be one of ${breakKinds.join(', ')}, or { code, message, statusCode }`,
      )
      .optional(),
    /** How often the call breaks. @default - every time */
    times: z.int().min(1).optional(),
    /** Only calls whose input fits this pattern break. */
    input: inputPattern.optional(),
    lost: z.literal('status-event').optional(),
    late: z.literal('recovery').optional(),
    chat: z.literal('down').optional(),
    duplicate: z.literal('event').optional(),
  })
  .superRefine((value, context) => {
    const given = subjects.filter((subject) => value[subject] !== undefined);
    if (given.length !== 1) {
      const message = `needs exactly one of ${subjects.join(', ')}`;
      context.addIssue({ code: 'custom', message });
    }
    if ((value.call === undefined) !== (value.error === undefined)) {
      context.addIssue({ code: 'custom', message: 'needs call and error together: which call breaks, and how' });
    }
    if (value.call === undefined && (value.times !== undefined || value.input !== undefined)) {
      context.addIssue({ code: 'custom', message: 'has times or input, which go with call alone' });
    }
  });

const expectation = z.strictObject({
  /** What the runbook's machine answers. */
  outcome: z.enum(outcomes),
  /** States of the runbook's own machine, in the order in which they were entered. */
  path: z.array(z.string().min(1)).min(1),
  /** Verdicts by diagnostic; those not named are not checked. */
  findings: z.record(z.string().min(1), z.enum(verdicts)).default({}),
  /**
   * Every call that changes something, in order; commands as `ssm:SendCommand <document>`. The manifest's `commands` only
   * look, so they are not among them.
   */
  mutations: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*:[A-Z]\w*( \S+)?$/, 'must be such as ec2:StopInstances'))
    .default([]),
  /**
   * Kinds of timeline entries that must occur, in this order. Only the first rehearsal of a folder is played until somebody
   * has closed the incident; the others end some minutes after the runbook.
   */
  told: z.array(z.enum(entryKinds)).default([]),
});

/** `rehearsals/<name>.yaml`: an alert, the world that it meets, what breaks, and what is expected. */
export const rehearsalSchema = z.strictObject({
  title: z.string().trim().min(1),
  /** The event as its sender made it: a JSON file in the same folder. */
  event: z.string().min(1),
  people: z.strictObject({ approver: z.enum(approvers).default('agrees') }).default({ approver: 'agrees' }),
  world: z.unknown().transform(readWorld).prefault({}),
  faults: z.array(fault).default([]),
  expect: expectation.optional(),
});

/** A way in which a call breaks. */
export type BreakKind = (typeof breakKinds)[number];
/** One thing that breaks. */
export type Fault = Readonly<z.output<typeof fault>>;
/** What must come of a rehearsal. */
export type Expectation = Readonly<z.output<typeof expectation>>;
/** What an approver does when asked. */
export type Approver = (typeof approvers)[number];

function readWorld(description: unknown, context: z.RefinementCtx): WorldDescription {
  try {
    return parseWorld(description);
  } catch (error) {
    if (!(error instanceof WorldDescriptionError)) throw error;
    for (const { path, message } of error.places) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  }
}
