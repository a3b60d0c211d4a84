import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { problemText } from '../../infra/config/source-file.ts';
import { readRehearsal, RehearsalFileError } from '../../rehearsal/rehearsal-file.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'handsoff-rehearsal-file-'));
  writeFileSync(
    join(directory, 'alarm.json'),
    '{ "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "detail": {} }',
  );
});

function problemsOf(text: string): readonly string[] {
  writeFileSync(join(directory, 'story.yaml'), text);
  try {
    readRehearsal(join(directory, 'story.yaml'), 'story.yaml');
    return [];
  } catch (error) {
    if (error instanceof RehearsalFileError) return error.problems.map(problemText);
    throw error;
  }
}

describe('a rehearsal file', () => {
  it('says what breaks, what people do and what is expected', () => {
    writeFileSync(
      join(directory, 'story.yaml'),
      `title: A story
event: alarm.json
people: { approver: refuses }
faults:
  - { call: 'ec2:StopInstances', error: throttled, times: 2 }
  - { call: 'ecs:DescribeTasks', error: partial }
  - { lost: status-event }
  - { late: recovery }
expect: { outcome: needs-human, path: [Look], findings: { status: unhealthy }, told: [triggered, needs-human] }
`,
    );
    const rehearsal = readRehearsal(join(directory, 'story.yaml'));
    expect(rehearsal.name).toBe('story');
    expect(rehearsal.people).toEqual({ approver: 'refuses' });
    expect(rehearsal.faults).toEqual([
      { call: 'ec2:StopInstances', error: 'throttled', times: 2 },
      { call: 'ecs:DescribeTasks', error: 'partial' },
      { lost: 'status-event' },
      { late: 'recovery' },
    ]);
    expect(rehearsal.expect?.mutations).toEqual([]);
  });

  it('needs neither people nor faults: the approver agrees and nothing breaks', () => {
    const file = '../../statemachines/runbooks/ec2-status-check-failed/rehearsals/restart-recovers.yaml';
    const rehearsal = readRehearsal(fileURLToPath(new URL(file, import.meta.url)));
    expect(rehearsal.people.approver).toBe('agrees');
    expect(rehearsal.faults).toEqual([]);
    expect(rehearsal.expect?.outcome).toBe('recovered');
  });

  it('names the line of a fault that it does not know', () => {
    const text = `title: A story
event: alarm.json
faults:
  - { call: 'ec2:StopInstances' }
  - { lost: status-event, chat: down }
  - { call: 'ec2:StopInstances', error: broken }
`;
    expect(problemsOf(text)).toEqual([
      'story.yaml:4:5: faults.0: needs call and error together: which call breaks, and how',
      'story.yaml:5:5: faults.1: needs exactly one of call, lost, late, chat, duplicate',
      'story.yaml:6:41: faults.2.error: must be one of throttled, access-denied, server-error, timeout, partial, or { code, message, statusCode }',
    ]);
  });

  it('names the line in the world', () => {
    const text = `title: A story
event: alarm.json
world:
  answers:
    - { call: 'ec2:DescribeInstances', output: {}, error: { code: Throttling, message: slow } }
`;
    expect(problemsOf(text)).toEqual(['story.yaml:5:7: world.answers.0: needs exactly one of output and error']);
  });

  it('names the line of an event file that is not there, or not JSON', () => {
    writeFileSync(join(directory, 'broken.json'), '{');
    expect(problemsOf('title: A story\nevent: other.json\n')).toEqual([
      'story.yaml:2:8: event: other.json is not there; put the event beside it.',
    ]);
    const happening = 'world:\n  happenings:\n    - { when: start, after: 2m, eventFile: ok.json }\n';
    expect(problemsOf(`title: A story\nevent: alarm.json\n${happening}`)).toEqual([
      'story.yaml:5:44: world.happenings.0.eventFile: ok.json is not there; put the event beside it.',
    ]);
    writeFileSync(join(directory, 'other.json'), '{ "a": 1 }');
    expect(problemsOf('title: A story\nevent: other.json\n')).toEqual([
      expect.stringMatching(/^story\.yaml:2:8: event: other\.json does not hold one event: an object with source, /),
    ]);
    for (const name of ['broken.json', 'broken']) {
      writeFileSync(join(directory, name), '{\n  "source": "aws.cloudwatch"\n  "id": "1"\n}');
      expect(problemsOf(`title: A story\nevent: ${name}\n`)).toEqual([
        expect.stringMatching(new RegExp(`^${name}:3:3: is not JSON: .* Correct the text here\\.$`)),
      ]);
    }
  });
});
