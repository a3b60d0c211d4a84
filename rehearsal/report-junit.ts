import { differenceLines, type Paints } from './report-tree.ts';
import type { RunbookRehearsal, ScenarioResult } from './runbook-rehearsal.ts';

const plain: Paints = { good: asIs, bad: asIs, quiet: asIs, strong: asIs };

/** The results in the form that CI systems read: one suite a runbook, one case a scenario. */
export function reportJunit(results: readonly RunbookRehearsal[]): string {
  const suites = results.map(suiteOf);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="handsoff rehearse">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf(result: RunbookRehearsal): string {
  const { id, scenarios, real_ms } = result;
  const own = ownProblems(result);
  const failures = scenarios.filter(({ passed }) => !passed).length + own.length;
  const counts = `tests="${scenarios.length + own.length}" failures="${failures}" errors="0" time="${seconds(real_ms)}"`;
  const cases = [
    ...scenarios.map((scenario) => caseOf(id, scenario)),
    ...own.map((problem) => problemCase(id, problem)),
  ];
  return [`  <testsuite name="${escape(id)}" ${counts}>`, ...cases, '  </testsuite>'].join('\n');
}

function caseOf(id: string, { name, kind, real_ms, differences, steps }: ScenarioResult): string {
  const head = `    <testcase classname="${escape(`${id}.${kind}`)}" name="${escape(name)}" time="${seconds(real_ms)}"`;
  if (differences.length === 0) return `${head}/>`;
  const message = differences.map(({ what }) => what).join(', ');
  const happened =
    steps.length > 0 ? ['  what happened', ...steps.map(({ kind: what, text }) => `      ${what}: ${text}`)] : [];
  const text = [...differences.flatMap((difference) => differenceLines(difference, plain)), ...happened].join('\n');
  return `${head}>\n      <failure message="${escape(message)}">${escape(text)}</failure>\n    </testcase>`;
}

/** What is wrong with the runbook as a whole. */
function ownProblems({ problems, coverage, whole }: RunbookRehearsal): string[] {
  const missing = whole ? coverage.missing_states : [];
  return [...problems, ...(missing.length > 0 ? [`No scenario enters: ${missing.join(', ')}.`] : [])];
}

function problemCase(id: string, problem: string): string {
  const head = `    <testcase classname="${escape(`${id}.runbook`)}" name="${escape(problem)}" time="0">`;
  return `${head}\n      <failure message="${escape(problem)}"/>\n    </testcase>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Characters that XML does not allow at all are left out. */
function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const allowed = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
  return allowed.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

function asIs(text: string): string {
  return text;
}
