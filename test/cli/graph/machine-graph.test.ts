import { describe, expect, it } from 'vitest';
import { machineDot } from '../../../cli/graph/machine-dot.ts';
import { machineGraph } from '../../../cli/graph/machine-graph.ts';
import { readScope } from '../../../sandbox/states/rules/site.ts';

const catchTo = (next: string) => [{ ErrorEquals: ['States.ALL'], Next: next }];
const machine = readScope({
  StartAt: 'Read All',
  States: {
    'Read All': {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Read Service',
          States: {
            'Read Service': {
              Type: 'Task',
              Resource: 'arn:aws:states:::aws-sdk:ecs:describeServices',
              Catch: catchTo('Note Failure'),
              End: true,
            },
            'Note Failure': { Type: 'Pass', End: true },
          },
        },
      ],
      Catch: catchTo('Call Person'),
      Next: 'Decide Repair',
    },
    'Decide Repair': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $a < 1 %}', Comment: 'it is <small> & safe', Next: 'Restart Service' }],
      Default: 'Call Person',
    },
    'Restart Service': {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: '${RemediateMachineArn}' },
      Output: "{% {'outcome': $states.result.Output.outcome} %}",
      End: true,
    },
    'Call Person': {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: '${CallPersonFunctionArn}' },
      Output: "{% {'outcome': 'needs-human'} %}",
      End: true,
    },
  },
});

describe('machineGraph', () => {
  const graph = machineGraph(machine, { document: 'restart', goodEnd: 'recovered' });
  const kinds = Object.fromEntries(graph.nodes.map(({ title, kind }) => [title, kind]));

  it('tells the kinds of states apart', () => {
    expect(kinds).toMatchObject({
      'Read All': 'parallel',
      'Read Service': 'task',
      'Note Failure': 'pass',
      'Decide Repair': 'choice',
      'Restart Service': 'remediate',
      'Call Person': 'person',
      'needs-human': 'end',
      'recovered, or needs-human': 'end',
    });
  });

  it('has every transition of the definition, and failures apart', () => {
    const arrows = graph.edges.map(({ from, to, kind }) => `${from} ${kind === 'failure' ? '-->' : '->'} ${to}`);
    expect(arrows.toSorted()).toEqual(
      [
        'start -> Read All',
        'Read All -> /States/Read All/Branches[0]/Read Service',
        '/States/Read All/Branches[0]/Read Service -> Read All join',
        '/States/Read All/Branches[0]/Read Service --> /States/Read All/Branches[0]/Note Failure',
        '/States/Read All/Branches[0]/Note Failure -> Read All join',
        'Read All join -> Decide Repair',
        'Read All --> Call Person',
        'Decide Repair -> Restart Service',
        'Decide Repair -> Call Person',
        'Restart Service -> Restart Service end',
        'Call Person -> Call Person end',
      ].toSorted(),
    );
  });

  it('says what a task does', () => {
    const linesOf = (name: string) => graph.nodes.find(({ title }) => title === name)?.lines.join(' ');
    expect(linesOf('Read Service')).toBe('reads ecs: describeServices');
    expect(linesOf('Restart Service')).toContain('restart');
    expect(linesOf('Call Person')).toBe('calls a person');
  });
});

describe('machineDot', () => {
  const dot = machineDot(machineGraph(machine), 'x', {
    paths: [['Read All', 'Decide Repair', 'Call Person']],
    caption: [''],
  });
  const lineOf = (text: string) => dot.split('\n').find((line) => line.trim().startsWith(text)) ?? '';

  it('marks the steps that a rehearsal takes, and the states that none enters', () => {
    expect(lineOf('"Decide Repair" -> "Call Person"')).toContain('penwidth=2.4');
    expect(lineOf('"Decide Repair" -> "Restart Service"')).toContain('penwidth=1.2');
    expect(lineOf('"Restart Service" [')).toContain('in no rehearsal');
    expect(lineOf('"Call Person" [')).not.toContain('in no rehearsal');
  });

  it('marks the branches that a rehearsal takes, though their states stand between one another', () => {
    const path = ['Read All', 'Read Service', 'Decide Repair', 'Restart Service'];
    const branches = machineDot(machineGraph(machine), 'x', { paths: [path], caption: [] }).split('\n');
    const isMarked = (text: string) =>
      branches.find((line) => line.trim().startsWith(text))?.includes('penwidth=2.4') ?? false;
    const branch = '/States/Read All/Branches[0]';
    expect(isMarked(`"Read All" -> "${branch}/Read Service"`)).toBe(true);
    expect(isMarked(`"${branch}/Read Service" -> "Read All join"`)).toBe(true);
    expect(isMarked('"Read All join" -> "Decide Repair"')).toBe(true);
    expect(isMarked(`"${branch}/Note Failure" -> "Read All join"`)).toBe(false);
    expect(isMarked('"Decide Repair" -> "Call Person"')).toBe(false);
  });

  it('draws failures dashed, and does not take one for rehearsed where success leads to the same state', () => {
    expect(lineOf('"Read All" -> "Call Person"')).toContain('style=dashed');
    const twice = machineGraph(
      readScope({
        StartAt: 'Look',
        States: { Look: { Type: 'Task', Catch: catchTo('Go'), Next: 'Go' }, Go: { Type: 'Succeed' } },
      }),
    );
    const lines = machineDot(twice, 'x', { paths: [['Look', 'Go']], caption: [''] }).split('\n');
    expect(lines.filter((line) => line.includes('"Look" -> "Go"') && line.includes('penwidth=2.4'))).toHaveLength(1);
  });

  it('lets no text of a definition out of its quotes', () => {
    expect(dot).toContain('it is <small>');
    expect(machineDot(machineGraph(machine), 'a"b\\', { paths: [], caption: ['<&>'] })).toContain(
      'digraph "a\\"b\\\\"',
    );
  });
});
