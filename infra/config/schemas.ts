import { z } from 'zod';
import { modes, priorities } from '../../functions/domain/incident.ts';
import { groupKinds } from '../../functions/domain/repair-group.ts';
import { weeklyHours } from './triage-schemas.ts';
import { duration, id, matchingPattern, named, pattern, runbookId, shortDuration, whyUnsafe } from './values.ts';

const anchored = z.string().superRefine((text, context) => {
  if (!/^\^.*\$$/s.test(text))
    context.addIssue({ code: 'custom', message: 'must be anchored: begin with ^ and end with $' });
  try {
    void new RegExp(text, 'u');
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a regular expression' });
    return;
  }
  const message = whyUnsafe(text);
  if (message) context.addIssue({ code: 'custom', message });
});

/** Where in the alert a value stands: a dotted path below what the sender says of the resource or the metric. */
const alertPath = z
  .string()
  .regex(
    /^(resource|payload)(\.[A-Za-z0-9_]+)+$/,
    'must be a dotted path into the alert, such as resource.id or payload.custom_details.dimensions.path',
  );

const apiAction = z
  .string()
  .regex(/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/, 'must be one API action such as ec2:StopInstances, without wildcards');
const condition = z.record(
  z.string().regex(/^[A-Za-z:]+$/, 'must be a condition operator of IAM, such as StringEquals'),
  z.record(
    z.string().regex(/^[a-z0-9-]+:\S+$/, 'must be a condition key, such as aws:ResourceTag/handsoff'),
    z.union([z.string(), z.array(z.string()).min(1)]),
  ),
);
const text = z.string().trim().min(1, 'must not be empty');

/** What `statemachines/remediate.asl.json` has within its own time limit for them, beside questions, retries and checks. */
const maxRepairSeconds = 20 * 3600;

/** Seconds that a repair, what takes it back if something does, and its proof take at the longest. */
function longestRepair(
  { timeout, undo }: { readonly timeout: number; readonly undo?: string | undefined },
  verify: { readonly timeout: number; readonly hold: number } = { timeout: 0, hold: 0 },
): number {
  return (undo === undefined ? timeout : 2 * timeout) + verify.timeout + verify.hold;
}

/** `runbook.yaml`: what an SRE writes about a runbook. */
export const runbookManifest = z
  .strictObject({
    id: runbookId,
    title: text.max(120),
    owner: text,
    mode: z.enum(modes),
    what: text,
    where: text,
    how: z.array(text).min(1, 'needs at least one step that a person can follow by hand'),
    match: pattern,
    diagnostics: z.array(id).default([]),
    commands: z.array(id).default([]),
    remediation: z
      .strictObject({
        document: z.string().min(1),
        /** A document of the folder, or one that AWS owns; it is given the same parameters. */
        undo: z
          .union(
            [id, z.string().regex(/^AWS-\w+$/)],
            'must be a file of this folder, or a document of AWS such as AWS-StartEC2Instance',
          )
          .optional(),
        /** `always`: also when the repair ran to its end and did not help. `unfinished`: only when it did not. */
        undo_when: z.enum(['always', 'unfinished']).default('always'),
        /** What is so after the undo succeeded, as a sentence for people. */
        undone: text.max(200).optional(),
        parameters: z.record(z.string(), z.strictObject({ from: alertPath, pattern: anchored })),
        timeout: duration,
        /** What is so once it has run, as a sentence for people: it keeps the trouble from spreading and cures nothing. */
        contains: text.max(300).optional(),
      })
      .optional(),
    mutations: z
      .array(
        z.strictObject({
          action: apiAction,
          resource: z.string().regex(/^[a-z0-9-]+:\S+$/, 'must be <service>:<resource>, such as ec2:instance/*'),
          condition: condition.optional(),
          /** Why a resource with a wildcard is held to no tag of its owner's, as one sentence. */
          wildcard_because: text.max(200).optional(),
        }),
      )
      .default([]),
    /** What a document of AWS reads that infra/automation/aws-calls.yaml does not know. Everything else is derived. */
    reads: z.array(apiAction).default([]),
    approval: z
      .strictObject({
        approvers: id,
        expires: duration.refine(
          (seconds) => seconds <= 3600,
          'may be 1h at the most: what was asked has to be so still when it is answered',
        ),
      })
      .optional(),
    guards: z
      .strictObject({
        /** How many repairs of this runbook may begin within any 60 minutes. */
        budget_per_hour: z.int().min(1).max(1000),
        /** How many repairs of one target may begin within any 24 hours, by whatever runbook. */
        target_limit: z.int().min(1).max(100).default(3),
        /** After so many repairs in a row without recovery it changes nothing more, until it is deployed anew or reset. */
        breaker: z.int().min(1).max(20).default(3),
        /** Never more than this share of the members of the target's group are in repair at once, and at least one. */
        share: z.strictObject({ of: z.enum(groupKinds), percent: z.int().min(1).max(100) }).optional(),
      })
      .optional(),
    verify: z.strictObject({ timeout: duration, hold: duration }).optional(),
  })
  .superRefine((manifest, context) => {
    const need = (field: 'approval' | 'guards' | 'verify', why: string) => {
      if (!manifest[field])
        context.addIssue({ code: 'custom', path: ['remediation'], message: `needs ${field} as well: ${why}` });
    };
    if (manifest.mode !== 'observe' && !manifest.remediation) {
      context.addIssue({
        code: 'custom',
        path: ['mode'],
        message: `is ${manifest.mode}, but there is no remediation; use observe`,
      });
    }
    if (!manifest.remediation) return;
    if (manifest.remediation.undo && !manifest.remediation.undone)
      context.addIssue({
        code: 'custom',
        path: ['remediation', 'undo'],
        message: 'needs undone as well: what is so after it, for whoever is called',
      });
    if (longestRepair(manifest.remediation, manifest.verify) > maxRepairSeconds) {
      const what = manifest.remediation.undo ? 'twice, for the repair and for what takes it back, and' : 'it and';
      context.addIssue({
        code: 'custom',
        path: ['remediation', 'timeout'],
        message: `${what} verify may be 20h together: after a day remediate is cut off; shorten them`,
      });
    }
    need('guards', 'how many repairs may begin in one hour');
    if (!manifest.remediation.contains) need('verify', 'how long to wait for the recovery, and how long it must hold');
    else if (manifest.verify)
      context.addIssue({
        code: 'custom',
        path: ['verify'],
        message:
          'has no place beside contains: what only contains the trouble is not expected to recover; take one away',
      });
    if (manifest.mode === 'approve') need('approval', 'which group may agree, and for how long the question stands');
  });

/** A manifest as the rest of the app sees it: durations in seconds. */
export type RunbookManifest = z.output<typeof runbookManifest>;

/** `services.yaml` */
export const servicesFile = z.strictObject({
  services: named(
    z.strictObject({
      id,
      owner: text,
      match: matchingPattern.optional(),
      priority: z.strictObject({
        critical: z.enum(priorities),
        error: z.enum(priorities),
        warning: z.enum(priorities),
        info: z.enum(priorities),
      }),
      channel: id,
      support_hours: weeklyHours.optional(),
      escalation: z.strictObject({ patience: shortDuration, repeat: shortDuration, times: z.int().min(1).max(20) }),
    }),
  ).refine((services) => services.length > 0, 'needs at least one service, to own whatever comes'),
});

/** `oncall.yaml` */
export const oncallFile = z.strictObject({
  groups: z.record(
    id,
    z
      .array(
        z.strictObject({
          name: text,
          slack: z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'is not a Slack member id such as U012AB3CD'),
        }),
      )
      .min(1, 'needs at least one person'),
  ),
});

/** `channels.yaml` */
export const channelsFile = z.strictObject({
  channels: z.record(
    id,
    z.strictObject({
      slack: z
        .string()
        .regex(/^[CG][A-Z0-9]{2,}$/, 'is not a Slack channel id such as C012AB3CD')
        .optional(),
    }),
  ),
});
