import type { Difference } from './difference.ts';
import type { RunbookRehearsal, ScenarioKind, ScenarioResult } from './runbook-rehearsal.ts';

/** Colours for a terminal; each takes a text and gives it back, coloured or not. */
export interface Paints {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
}

/** How much is shown: every step of the author's rehearsals, or only what did not pass. */
export interface TreeOptions {
  readonly paints: Paints;
  readonly showsSteps: boolean;
}

/** What came of one runbook, as a tree: its rehearsals with their times, what else was played, and what differed. */
export function reportTree(result: RunbookRehearsal, options: TreeOptions): string[] {
  const { paints } = options;
  const mark = result.passed ? paints.good('✓') : paints.bad('✗');
  const head = `${mark} ${paints.strong(result.id)}  ${paints.quiet(summaryOf(result))}`;
  const ofAuthors = result.scenarios.filter(({ kind }) => kind === 'rehearsal');
  const generated = result.scenarios.filter(({ kind, passed }) => kind !== 'rehearsal' && !passed);
  const branches = [
    ...result.problems.map((problem) => [paints.bad(problem)]),
    ...[...ofAuthors, ...generated].map((scenario) => scenarioLines(scenario, options)),
    ...missingLines(result, paints),
  ];
  return [head, ...branches.flatMap((lines, index) => indent(lines, index === branches.length - 1))];
}

/** `3 rehearsals, 40 faults, 18 guards · states 5/5 · transitions 7/8 · worst case 41m 20s · 2.1 s`. */
export function summaryOf({ scenarios, coverage, worst_case_seconds, real_ms }: RunbookRehearsal): string {
  const { states, transitions } = coverage;
  return [
    countKinds(scenarios),
    `states ${states.seen}/${states.of}`,
    `transitions ${transitions.seen}/${transitions.of}`,
    `worst case ${showSeconds(worst_case_seconds)}`,
    `${(real_ms / 1000).toFixed(1)} s`,
  ].join(' · ');
}

/** Seconds as people say them: `41m 20s`, `2h 05m`, `4s`. */
export function showSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours}h ${String(minutes).padStart(2, '0')}m`;
  return minutes > 0 ? `${minutes}m ${String(rest).padStart(2, '0')}s` : `${rest}s`;
}

function countKinds(scenarios: readonly ScenarioResult[]): string {
  const words: readonly (readonly [ScenarioKind, string])[] = [
    ['rehearsal', 'rehearsals'],
    ['fault', 'faults'],
    ['guard', 'guards'],
  ];
  const counts = words.map(([kind, word]) => ({ word, count: scenarios.filter((one) => one.kind === kind).length }));
  return counts
    .filter(({ word, count }) => count > 0 || word === 'rehearsals')
    .map(({ word, count }) => `${count} ${count === 1 ? word.slice(0, -1) : word}`)
    .join(', ');
}

function scenarioLines(scenario: ScenarioResult, { paints, showsSteps }: TreeOptions): string[] {
  const { name, title, kind, passed, outcome, virtual_seconds, real_ms, steps, differences } = scenario;
  const mark = passed ? paints.good('✓') : paints.bad('✗');
  const times = paints.quiet(`${outcome} after ${showSeconds(virtual_seconds)} (${Math.round(real_ms)} ms)`);
  const isShown = kind === 'rehearsal' && (showsSteps || !passed);
  const shown = isShown ? steps : [];
  return [
    `${mark} ${name}${title === name ? '' : `: ${title}`}  ${times}`,
    ...shown.map(
      (step) =>
        `  ${paints.quiet(`${showSeconds(step.seconds).padStart(8)} ${`${Math.round(step.real_ms)} ms`.padStart(8)}`)}  ${step.kind.padEnd(19)} ${oneLine(step.text, passed ? 140 : Number.POSITIVE_INFINITY)}`,
    ),
    ...differences.flatMap((difference) => differenceLines(difference, paints)),
  ];
}

/** `- ` for what was expected and is not there, `+ ` for what is there instead. */
export function differenceLines({ what, expected, found }: Difference, paints: Paints): string[] {
  const kept = longestCommon(expected, found);
  const lines: string[] = [];
  let [left, right] = [0, 0];
  for (const line of [...kept, undefined]) {
    while (left < expected.length && expected[left] !== line) lines.push(paints.bad(`    - ${expected[left++]}`));
    while (right < found.length && found[right] !== line) lines.push(paints.good(`    + ${found[right++]}`));
    if (line !== undefined) lines.push(paints.quiet(`      ${line}`));
    left += 1;
    right += 1;
  }
  return [`  ${paints.strong(what)}`, ...lines];
}

/** The longest list of lines that both have in this order. */
function longestCommon(a: readonly string[], b: readonly string[]): string[] {
  const best: string[][][] = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => []));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [skipA = [], skipB = []] = [best[i + 1]?.[j], best[i]?.[j + 1]];
      const both = a[i] === b[j] ? [a[i] ?? '', ...(best[i + 1]?.[j + 1] ?? [])] : [];
      const row = best[i];
      if (row) row[j] = [both, skipA, skipB].reduce((longest, list) => (list.length > longest.length ? list : longest));
    }
  }
  return best[0]?.[0] ?? [];
}

/** Some states are entered only by what breaks: where that was not played, none is missing. */
function missingLines({ coverage, whole }: RunbookRehearsal, paints: Paints): string[][] {
  if (!whole) return [];
  const { missing_states: states, missing_transitions: transitions } = coverage;
  return [
    ...(states.length > 0
      ? [[paints.bad(`No scenario enters: ${states.join(', ')}. Add a rehearsal that does.`)]]
      : []),
    ...(transitions.length > 0 ? [[paints.quiet(`No scenario goes: ${transitions.join(', ')}.`)]] : []),
  ];
}

function indent(lines: readonly string[], isLast: boolean): string[] {
  const [first, rest] = isLast ? ['└─ ', '   '] : ['├─ ', '│  '];
  return lines.map((line, index) => (index === 0 ? first : rest) + line);
}

/** Text from outside as one harmless line, short where all went well: where it did not, the end of it may say why. */
function oneLine(text: string, length: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return clean.length <= length ? clean : `${clean.slice(0, length - 1)}…`;
}
