import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CoverageCount } from '../../rehearsal/coverage.ts';
import { moveEvent } from '../../rehearsal/move-event.ts';
import { chooseRunbooks } from '../../rehearsal/prepare-rehearsal.ts';
import { reportJunit } from '../../rehearsal/report-junit.ts';
import { reportTree, showSeconds } from '../../rehearsal/report-tree.ts';
import type { Expectation } from '../../rehearsal/rehearsal-schema.ts';
import type { RunbookRehearsal } from '../../rehearsal/runbook-rehearsal.ts';
import { updateExpectations } from '../../rehearsal/update-expectations.ts';
import type { MachineDefinition } from '../../sandbox/states/definition.ts';
import { AProject } from '../infra/a-project.ts';
import { anError, functionAnswers, invoke, jsonata, runMachine } from '../sandbox/states/machines.ts';

const plain = { good: asIs, bad: asIs, quiet: asIs, strong: asIs };

const failed: RunbookRehearsal = {
  id: 'a-runbook',
  passed: false,
  whole: true,
  scenarios: [
    {
      name: 'a-story',
      title: 'A story <with> "marks"',
      kind: 'rehearsal',
      passed: false,
      outcome: 'needs-human',
      virtual_seconds: 64,
      real_ms: 120,
      differences: [{ what: 'path', expected: ['Look', 'Repair'], found: ['Look', 'Call Person'] }],
      steps: [{ seconds: 4, real_ms: 30, kind: 'diagnosed', text: 'It is <unwell>.' }],
    },
  ],
  mutations: [],
  coverage: {
    states: { seen: 2, of: 3 },
    transitions: { seen: 1, of: 2 },
    missing_states: ['Repair'],
    missing_transitions: ['Look → Repair'],
  },
  worst_case_seconds: 4000,
  problems: [],
  real_ms: 2100,
};

describe('the tree', () => {
  it('says in full what happened where something did not pass, and in short where all did', () => {
    const [scenario] = failed.scenarios;
    const steps = [{ seconds: 4, real_ms: 30, kind: 'automation-failed', text: `${'long '.repeat(60)}reason` }];
    const linesOf = (passed: boolean) =>
      reportTree(
        { ...failed, scenarios: scenario ? [{ ...scenario, passed, differences: [], steps }] : [] },
        { paints: plain, showsSteps: true },
      ).join('\n');
    expect(linesOf(false)).toContain('long reason');
    expect(linesOf(true)).toMatch(/automation-failed.*…\n/);
  });

  it('shows what differs as a diff, what happened when, and which states nobody entered', () => {
    expect(reportTree(failed, { paints: plain, showsSteps: false })).toEqual([
      '✗ a-runbook  1 rehearsal · states 2/3 · transitions 1/2 · worst case 1h 06m · 2.1 s',
      '├─ ✗ a-story: A story <with> "marks"  needs-human after 1m 04s (120 ms)',
      '│          4s    30 ms  diagnosed           It is <unwell>.',
      '│    path',
      '│        Look',
      '│      - Repair',
      '│      + Call Person',
      '├─ No scenario enters: Repair. Add a rehearsal that does.',
      '└─ No scenario goes: Look → Repair.',
    ]);
  });

  it('misses nothing that only what breaks enters where nothing was broken', () => {
    const quick = { ...failed, whole: false };
    expect(reportTree(quick, { paints: plain, showsSteps: false }).join('\n')).not.toContain('No scenario');
    expect(reportJunit([quick])).not.toContain('No scenario enters');
  });

  it('says seconds as people do', () => {
    expect([4, 64, 7500].map(showSeconds)).toEqual(['4s', '1m 04s', '2h 05m']);
  });
});

describe('the JUnit file', () => {
  it('has a case for each scenario and one for each problem, and no mark of XML in its texts', () => {
    const text = reportJunit([failed]);
    expect(text).toContain('<testsuite name="a-runbook" tests="2" failures="2" errors="0" time="2.100">');
    expect(text).toContain('<failure message="path">');
    expect(text).toContain('diagnosed: It is &lt;unwell&gt;.');
    expect(text).toContain('No scenario enters: Repair.');
    expect(text).not.toContain('<with>');
  });
});

describe('--update', () => {
  const happened = {
    outcome: 'needs-human',
    path: ['Look', 'Call Person'],
    findings: { status: 'unhealthy', other: 'healthy' },
    mutations: [],
    told: ['triggered', 'needs-human', 'resolved', 'closed'],
  } as const;
  const head =
    "# why this story\ntitle: A story\nevent: alarm.json\nworld:\n  answers: [{ call: 'a:B', output: {} }]\n";

  function updated(text: string, before?: Expectation): string {
    const file = join(mkdtempSync(join(tmpdir(), 'handsoff-update-')), 'story.yaml');
    writeFileSync(file, text);
    updateExpectations(file, happened, before);
    return readFileSync(file, 'utf8');
  }

  it('writes what happened and keeps every other character', () => {
    const was = [
      'expect:',
      '  # as it was',
      '  outcome: recovered # for now',
      '  path:',
      '    - Look',
      '  findings: {status: healthy}',
      '  told: [triggered]',
      '# the end',
      '',
    ];
    const before: Expectation = {
      outcome: 'recovered',
      path: ['Look'],
      findings: { status: 'healthy' },
      mutations: ['a:C'],
      told: ['triggered'],
    };
    expect(updated(head + was.join('\n'), before)).toBe(
      `${head}${[
        'expect:',
        '  # as it was',
        '  outcome: needs-human # for now',
        '  path: [Look, Call Person]',
        '  findings: { status: unhealthy }',
        '  told: [triggered]',
        '  mutations: []',
        '# the end',
        '',
      ].join('\n')}`,
    );
  });

  it('touches no file that expects what happened', () => {
    const text = `${head}expect: {outcome: needs-human, path: [Look, 'Call Person']}`;
    const { outcome, path } = happened;
    expect(updated(text, { outcome, path: [...path], findings: {}, mutations: [], told: [] })).toBe(text);
  });

  it.each([
    ['no expect', ''],
    ['an empty one', 'expect:\n'],
    ['one in a line', 'expect: { outcome: recovered }\n'],
  ])('writes all of it where there is %s', (_what, end) => {
    expect(updated(head + end)).toBe(
      `${head}${[
        'expect:',
        '  outcome: needs-human',
        '  path: [Look, Call Person]',
        '  findings: { status: unhealthy, other: healthy }',
        '  mutations: []',
        '  told: [triggered, needs-human]',
        '',
      ].join('\n')}`,
    );
  });
});

describe('coverage', () => {
  it('counts states and transitions, those inside branches too, and names what is missing', () => {
    const count = new CoverageCount({
      StartAt: 'Look',
      States: {
        Look: { Type: 'Task', Next: 'Choose', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Call' }] },
        Choose: { Type: 'Choice', Choices: [{ Next: 'Both' }], Default: 'Call' },
        Both: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } }],
          End: true,
        },
        Call: { Type: 'Task', End: true },
      },
    });
    const at = { timestamp: '2026-11-02T03:00:00.000Z' };
    count.add([
      { ...at, id: 1, previousEventId: 0, type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Look' } },
      { ...at, id: 2, previousEventId: 1, type: 'TaskStateExited', stateExitedEventDetails: { name: 'Look' } },
      { ...at, id: 3, previousEventId: 2, type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Call' } },
    ]);
    expect(count.coverage()).toEqual({
      states: { seen: 2, of: 5 },
      transitions: { seen: 1, of: 4 },
      missing_states: ['Choose', 'Both', 'Left'],
      missing_transitions: ['Look → Choose', 'Choose → Call', 'Choose → Both'],
    });
  });

  it('does not take the next item of a Map for a way back within the one before it', async () => {
    const again = { ErrorEquals: ['States.ALL'], Next: 'Look' };
    const States = { Look: { Type: 'Pass', Next: 'Change' }, Change: { ...invoke(), Catch: [again] } };
    const definition = jsonata({
      Each: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: { StartAt: 'Look', States }, End: true },
    }) as MachineDefinition;
    const coverageOf = async (...answers: readonly unknown[]) => {
      const { view } = await runMachine(definition, { input: [1, 2], answer: functionAnswers(...answers) });
      const count = new CoverageCount(definition);
      count.add(view.history);
      return count.coverage();
    };
    expect(await coverageOf('done')).toMatchObject({ missing_states: [], missing_transitions: ['Change → Look'] });
    expect(await coverageOf(anError('Boom'), 'done')).toMatchObject({ missing_states: [], missing_transitions: [] });
  });
});

describe('a recorded event', () => {
  it('is moved to another time with every moment in it, each in its own spelling', () => {
    const event = {
      id: 'x',
      time: '2026-11-02T03:00:04Z',
      detail: { state: { timestamp: '2026-11-02T03:00:03.997+0000' }, reason: 'at 03:00' },
    };
    expect(moveEvent(event, Date.parse('2026-11-09T04:00:04Z'))).toMatchObject({
      time: '2026-11-09T04:00:04Z',
      detail: { state: { timestamp: '2026-11-09T04:00:03.997+0000' }, reason: 'at 03:00' },
    });
  });
});

describe('an id that nobody knows', () => {
  it('is refused, and the known ones are named', () => {
    const project = new AProject(['disk-space-low', 'default']);
    expect(() => chooseRunbooks(project.root, ['disk-space-lwo'])).toThrow(
      'There is no runbook disk-space-lwo. There are: disk-space-low, default.',
    );
  });
});

function asIs(text: string): string {
  return text;
}
