import { z } from 'zod';
import { compilePattern } from '../../event-pattern/pattern.ts';
import { DURATION } from './duration.ts';
import { findUnknownTemplates } from './template.ts';

/** An AWS call by its SDK names, such as `ec2:DescribeInstances`. */
export const callName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]*$/,
    'is not a call; write <sdk service>:<Operation>, such as ec2:DescribeInstances',
  );
const duration = z.string().regex(DURATION, 'is not a duration; write one such as 90s, 5m, 2h or 1d');
const times = z.int().min(1);
const json = z.record(z.string(), z.json());
const checkTemplates = (value: unknown, context: z.core.$RefinementCtx) => {
  for (const { path, template } of findUnknownTemplates(value)) {
    const message = `has the template {{${template}}}, which is none of now, now±<duration>, input.<path>, account, region`;
    context.addIssue({ code: 'custom', path: [...path], message });
  }
};
const filled = json.superRefine(checkTemplates);
const filledJson = z.json().superRefine(checkTemplates);
/** An event pattern over a call's input. */
export const inputPattern = json.superRefine((value, context) => {
  try {
    compilePattern(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: `is not an event pattern: ${reason}` });
  }
});
const once = { times: times.optional(), after: z.union([callName, z.array(callName).min(1)]).optional() };

/** An error as AWS answers one. */
export const awsError = z.strictObject({
  code: z.string().min(1),
  message: z.string(),
  statusCode: z.int().min(400).max(599).optional(),
});
const functionError = z.strictObject({ errorType: z.string().min(1), errorMessage: z.string() });

const answer = z
  .strictObject({
    call: callName,
    input: inputPattern.optional(),
    ...once,
    output: filled.optional(),
    error: z.union([awsError, functionError]).optional(),
  })
  .superRefine((value, context) => {
    if ((value.output === undefined) === (value.error === undefined)) {
      context.addIssue({ code: 'custom', message: 'needs exactly one of output and error' });
    }
    if (value.error && 'errorType' in value.error && value.call !== 'lambda:Invoke') {
      context.addIssue({ code: 'custom', path: ['error'], message: 'errorType is for lambda:Invoke alone; use code' });
    }
  });

const seed = z.union([z.string(), z.strictObject({ text: z.string(), age: duration })]);
const files = z.record(z.string(), seed).superRefine((value, context) => {
  for (const path of Object.keys(value)) {
    const message = 'is not a path below the folder; write one such as var/log/app.log';
    if (path.split('/').some((part) => ['', '.', '..'].includes(part)))
      context.addIssue({ code: 'custom', path: [path], message });
  }
});
const absolutePath = z.string().regex(/^(?:\/[\w.-]+)+$/, 'is not an absolute path such as /var/log');

const command = z
  .strictObject({
    document: z.string().min(1).optional(),
    instance: z.string().min(1).optional(),
    parameters: inputPattern.optional(),
    ...once,
    stdout: z.string().optional(),
    stderr: z.string().optional(),
    exitCode: z.int().optional(),
    status: z.enum(['Success', 'Failed', 'TimedOut']).optional(),
    lasts: duration.optional(),
    run: z.literal('real').optional(),
    files: files.optional(),
    paths: z.array(absolutePath).optional(),
  })
  .superRefine((value, context) => {
    const isReal = value.run === 'real';
    const answers = (['stdout', 'stderr', 'exitCode', 'status'] as const).filter((key) => value[key] !== undefined);
    if (isReal && answers.length > 0)
      context.addIssue({ code: 'custom', path: [answers[0] ?? ''], message: 'does not go with run: real' });
    if (!isReal && (value.files || value.paths))
      context.addIssue({ code: 'custom', path: [value.files ? 'files' : 'paths'], message: 'goes with run: real' });
    if (value.status === 'Success' && (value.exitCode ?? 0) !== 0) {
      context.addIssue({ code: 'custom', path: ['status'], message: 'is Success, though exitCode is not 0' });
    }
  });

const script = z
  .strictObject({
    document: z.string().min(1).optional(),
    step: z.string().min(1).optional(),
    input: inputPattern.optional(),
    ...once,
    output: filledJson.optional(),
    error: z.string().min(1).optional(),
    run: z.literal('real').optional(),
    files: files.optional(),
    lasts: duration.optional(),
  })
  .superRefine((value, context) => {
    const given = (['output', 'error', 'run'] as const).filter((key) => value[key] !== undefined);
    if (given.length !== 1) context.addIssue({ code: 'custom', message: 'needs exactly one of output, error and run' });
    if (value.files && value.run === undefined)
      context.addIssue({ code: 'custom', path: ['files'], message: 'goes with run: real' });
  });

const job = z.strictObject({
  job: z.string().min(1).optional(),
  options: inputPattern.optional(),
  ...once,
  status: z.enum(['succeeded', 'failed']).optional(),
  lasts: duration.optional(),
});

const moment = z.union([
  z.literal('start'),
  z.strictObject({ call: callName }),
  z.strictObject({ answered: callName }),
]);

const happening = z
  .strictObject({
    when: moment.optional(),
    at: duration.optional(),
    after: duration.optional(),
    event: filled.optional(),
    eventFile: z.string().min(1).optional(),
    times: times.optional(),
  })
  .superRefine((value, context) => {
    if ((value.when === undefined) === (value.at === undefined)) {
      context.addIssue({ code: 'custom', message: 'needs exactly one of when and at' });
    }
    if (value.at !== undefined && value.after !== undefined) {
      context.addIssue({ code: 'custom', path: ['after'], message: 'goes with when; at is already after the start' });
    }
    if ((value.event === undefined) === (value.eventFile === undefined)) {
      context.addIssue({ code: 'custom', message: 'needs exactly one of event and eventFile' });
    }
  });

const arn = z.string().superRefine((text, context) => {
  if (!/^arn:[^:]+:[a-z0-9-]+:/.test(text)) context.addIssue({ code: 'custom', message: 'is not an ARN' });
  for (const [, name = ''] of text.matchAll(/\{\{(.*?)\}\}/gs)) {
    if (name.trim() !== 'account' && name.trim() !== 'region')
      context.addIssue({ code: 'custom', message: `has the template {{${name}}}; an ARN takes account and region` });
  }
});

const resource = z.strictObject({
  arn,
  tags: z.record(z.string().min(1), z.string()).default({}),
  keys: z.array(arn).default([]),
});

/** The form of a world, for editors; `parseWorld` reads one. */
export const worldSchema = z.strictObject({
  answers: z.array(answer).default([]),
  commands: z.array(command).default([]),
  scripts: z.array(script).default([]),
  jobs: z.array(job).default([]),
  happenings: z.array(happening).default([]),
  resources: z.array(resource).default([]),
});

/** What the world of a rehearsal answers, runs and does, as `parseWorld` has checked it. */
export type WorldDescription = Readonly<z.output<typeof worldSchema>>;
/** One answer to one AWS call. */
export type DescribedAnswer = WorldDescription['answers'][number];
/**
 * One result of a shell behind SSM Run Command: what the world says it gives, or with `run: real` what it gives when it is
 * really run, in a folder that has `files` in it and stands for the absolute `paths` of the node.
 */
export type DescribedCommand = WorldDescription['commands'][number];
/** One result of a script of `aws:executeScript`. */
export type DescribedScript = WorldDescription['scripts'][number];
/** One result of a job of a scheduler outside of AWS, such as Rundeck. */
export type DescribedJob = WorldDescription['jobs'][number];
/** A file that a really run script finds in its folder: its text, and how long ago it was changed. */
export type SeedFile = z.output<typeof files>[string];
/** One event that the world emits by itself. */
export type DescribedHappening = WorldDescription['happenings'][number];
/**
 * What IAM has to know of one resource: its `tags`, and the customer managed KMS `keys` that its volumes are encrypted with
 * (those that AWS manages let everybody in the account use them through EC2). They stay as they are: no call to CreateTags
 * changes them. A resource that the world does not describe has neither.
 */
export type DescribedResource = WorldDescription['resources'][number];

/** One thing wrong with a world, and where in it. */
export interface WorldProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Raised for a world that cannot be read; `problems` names each one with its path, `places` has the paths themselves. */
export class WorldDescriptionError extends Error {
  override readonly name = 'WorldDescriptionError' as const;
  readonly problems: readonly string[];
  readonly places: readonly WorldProblem[];

  constructor(places: readonly WorldProblem[]) {
    const problems = places.map(({ path, message }) => `${toText(path)}: ${message}`);
    super(`The world cannot be read:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
    this.places = places;
  }
}

/** Reads the description of a world. Throws a `WorldDescriptionError` with every problem at once, each with its path. */
export function parseWorld(description: unknown): WorldDescription {
  const parsed = worldSchema.safeParse(description ?? {});
  if (parsed.success) return parsed.data;
  throw new WorldDescriptionError(parsed.error.issues.flatMap((issue) => describeIssue(issue, [])));
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, outer: readonly PropertyKey[]): WorldProblem[] {
  const path = [...outer, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known key' }));
  if (issue.code === 'invalid_union') return describeUnion(issue.errors, path);
  return [{ path, message: issue.message }];
}

/** The alternative that came furthest says most about what was meant. */
function describeUnion(alternatives: readonly (readonly Issue[])[], path: readonly PropertyKey[]): WorldProblem[] {
  const closest = [...alternatives].sort((a, b) => distance(a) - distance(b))[0] ?? [];
  const problems = closest.flatMap((issue) => describeIssue(issue, path));
  return problems.length > 0 ? problems : [{ path, message: 'is none of the known forms' }];
}

function distance(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.path.length === 0 && issue.code !== 'unrecognized_keys' ? 10 : 1),
    0,
  );
}

function toText(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '') || 'world';
}
