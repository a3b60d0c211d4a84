import type { RehearsalLock } from '../../infra/certificates.ts';
import type { RunbookManifest } from '../../infra/config/schemas.ts';
import type { Rehearsal } from '../../rehearsal/rehearsal-file.ts';
import { showSeconds } from '../../rehearsal/report-tree.ts';
import { actionWords, cell, code, conditionWords, durationText, modeWords, patternWords } from './words.ts';

/** All that a page is made from. */
export interface PageSource {
  readonly manifest: RunbookManifest;
  readonly rehearsals: readonly Rehearsal[];
  /** Its certificate; undefined where it has none. */
  readonly lock: RehearsalLock | undefined;
  readonly readme: string;
}

/** The page of a runbook, by which somebody who has never seen it can do it by hand. */
export function runbookPage(source: PageSource): string {
  const { manifest } = source;
  const folder = `../../statemachines/runbooks/${manifest.id}`;
  const sections: (readonly [title: string, lines: readonly string[]])[] = [
    ['What', [manifest.what]],
    ['Where', [manifest.where]],
    ['By hand', [...manifest.how.map((step, index) => `${index + 1}. ${step}`), ...commandsIn(source.readme)]],
    ['When it fires', whenItFires(manifest)],
    ['What it looks at', whatItLooksAt(manifest)],
    ['What it changes', whatItChanges(manifest)],
    ['What holds it back', guardLines(manifest)],
    ['When it is done', whenItIsDone(manifest)],
    ['How it is undone', howItIsUndone(source)],
    ['State machine', [`![State machine of ${manifest.id}](${manifest.id}.svg)`]],
    ['Rehearsed', rehearsedLines(source)],
  ];
  return [
    `# ${manifest.title}`,
    '',
    `[\`${manifest.id}\`](${folder}/README.md) · **${manifest.mode}**: ${modeWords[manifest.mode]} · owner ${manifest.owner} · [all runbooks](README.md)`,
    '',
    `Made by \`npx handsoff docs\` from [its folder](${folder}/); change it there.`,
    ...sections.filter(([, lines]) => lines.length > 0).flatMap(([title, lines]) => ['', `## ${title}`, '', ...lines]),
    '',
  ].join('\n');
}

/** The commands that the README gives for doing it by hand. */
function commandsIn(readme: string): string[] {
  const block = /^(?:\*\*|#+ )By hand.*?^```\w*\n(.*?)^```/ms.exec(readme)?.[1];
  return block ? ['', '```sh', ...block.trimEnd().split('\n'), '```'] : [];
}

function whenItFires({ match, id }: RunbookManifest): string[] {
  if (id === 'default') return ['For every alert that no other runbook is about.'];
  return ['When an alert comes of which all of this is so:', '', ...patternWords(match).map((line) => `- ${line}`)];
}

function whatItLooksAt({ diagnostics, commands }: RunbookManifest): string[] {
  const looks = [
    ...diagnostics.map((name) => `- ${code(name)}`),
    ...commands.map((name) => `- ${code(name)}, a command on the instance that only looks`),
  ];
  return looks.length > 0 ? ['Diagnostics, by name; the state machine below may read more.', '', ...looks] : [];
}

function whatItChanges({ remediation, mutations, mode }: RunbookManifest): string[] {
  if (!remediation) return ['Nothing. A person is called with what was found.'];
  const asked =
    mode === 'approve' ? 'after an approver agreed' : mode === 'act' ? 'at once' : 'nothing by itself; it proposes';
  return [
    `${code(remediation.document)}, ${asked}, for ${durationText(remediation.timeout)} at the most. Its role may do this and nothing else, beside reading:`,
    '',
    '| it may | action | on | IAM allows it |',
    '|---|---|---|---|',
    ...mutations.map((mutation) => {
      const when = conditionWords(mutation) || 'always';
      const why = mutation.wildcard_because ? `${when}. ${mutation.wildcard_because}` : when;
      return `| ${actionWords(mutation.action)} | ${code(mutation.action)} | ${code(mutation.resource)} | ${cell(why)} |`;
    }),
    '',
    'It is given these values of the alert, and no others:',
    '',
    '| parameter | from | must match |',
    '|---|---|---|',
    ...Object.entries(remediation.parameters).map(
      ([name, { from, pattern }]) => `| ${code(name)} | ${code(from)} | ${cell(code(pattern))} |`,
    ),
  ];
}

function guardLines({ guards, approval, remediation }: RunbookManifest): string[] {
  if (!remediation || !guards) return [];
  const share = guards.share
    ? [`- Never more than ${guards.share.percent} % of one ${guards.share.of} are in repair at once, and at least one.`]
    : [];
  const asks = approval
    ? [
        `- Somebody of ${code(approval.approvers)} (config/oncall.yaml) has to agree within ${durationText(approval.expires)}, to exactly these values; silence means no.`,
      ]
    : [];
  return [
    ...asks,
    `- ${guards.budget_per_hour} of its repairs an hour, ${guards.target_limit} of one target a day, by whatever runbook; one at a time on one target.`,
    ...share,
    `- After ${guards.breaker} repairs in a row without recovery it changes nothing more.`,
    '- Kill switches, change calendar, maintenance, a storm, and a certificate that is not of exactly what runs. What cannot be read refuses.',
  ];
}

function whenItIsDone({ verify, remediation }: RunbookManifest): string[] {
  if (remediation?.contains) return [`${remediation.contains} That cures nothing, so a person is called in any case.`];
  if (!verify) return [];
  return [
    `When the alarm is OK within ${durationText(verify.timeout)}, and stays OK for ${durationText(verify.hold)} after that. Otherwise a person is called with the evidence.`,
  ];
}

function howItIsUndone({ manifest: { id, remediation }, readme }: PageSource): string[] {
  if (!remediation) return [];
  const { undo, undo_when, undone } = remediation;
  const said = undoIn(readme, id);
  if (!undo) return ['Nothing takes it back by itself.', ...said];
  const when =
    undo_when === 'always'
      ? 'where the repair failed, was cancelled, or did not help'
      : 'where the repair failed or was cancelled half way';
  return [`By ${code(undo)}, by itself, ${when}. ${undone ?? ''}`.trim(), ...said];
}

/** What the README says of it, its links as they have to be from here. */
function undoIn(readme: string, id: string): string[] {
  const text = /^\*\*Undo\*\*:? *(.*?)(?=\n\n|\n*$(?![\s\S]))/ms.exec(readme)?.[1];
  if (!text) return [];
  const moved = text.replace(/\]\((?![a-z]+:|#|\/)/gi, `](../../statemachines/runbooks/${id}/`);
  return ['', moved.charAt(0).toUpperCase() + moved.slice(1)];
}

function rehearsedLines({ rehearsals, lock }: PageSource): string[] {
  const table = [
    '| rehearsal | what happens | ends |',
    '|---|---|---|',
    ...rehearsals.map(({ name, title, expect }) => {
      const seen = lock?.scenarios.find((scenario) => scenario.kind === 'rehearsal' && scenario.name === name);
      return `| ${code(name)} | ${cell(title)} | ${seen?.outcome ?? expect?.outcome ?? 'not said'} |`;
    }),
  ];
  if (!lock) return [...table, '', 'There is no certificate: until it is rehearsed, it only observes.'];
  const { states, transitions } = lock.coverage;
  const others = ['fault', 'guard'].map((kind) => lock.scenarios.filter((scenario) => scenario.kind === kind).length);
  return [
    ...table,
    '',
    `Beside these, ${others[0]} scenarios in which something breaks, and ${others[1]} in which a guard has to refuse. ${states.seen} of ${states.of} states and ${transitions.seen} of ${transitions.of} transitions were played; the longest took ${showSeconds(lock.worst_case_seconds)}.`,
  ];
}
