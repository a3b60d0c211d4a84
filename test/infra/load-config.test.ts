import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { catalogEntryOf } from '../../infra/catalog-entry.ts';
import { ConfigError, loadConfig } from '../../infra/config/load-config.ts';
import { problemText } from '../../infra/config/source-file.ts';
import { placeholderDocuments, placeholdersIn } from '../../infra/config/placeholders.ts';
import { withoutWindows } from '../../infra/config/without-windows.ts';
import { AProject } from './a-project.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
let project: AProject;
beforeEach(() => {
  project = new AProject(['ec2-status-check-failed', 'disk-space-low', 'ansible-playbook', 'default']);
});

function problems(root = project.root): readonly string[] {
  try {
    loadConfig(root);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(problemText);
    throw error;
  }
}

const ec2 = 'statemachines/runbooks/ec2-status-check-failed/runbook.yaml';
const disk = 'statemachines/runbooks/disk-space-low/runbook.yaml';

describe('loadConfig', () => {
  it('takes what is in the repository', () => {
    expect(problems(checkout)).toEqual([]);
  });

  it.each<[string, string, string | RegExp, string, RegExp]>([
    [
      'a key that nobody knows, where it stands',
      'config/services.yaml',
      'owner:',
      'ownr: x\n    owner:',
      /services\.yaml:5:5: ownr: nobody knows this/,
    ],
    [
      'a key that is missing',
      'config/services.yaml',
      /    owner: .*\n/,
      '',
      /services\.yaml:4:5: services\.0\.owner: is missing; add it/,
    ],
    ['a value out of its range', 'config/services.yaml', 'times: 3', 'times: 99', /services\.yaml:\d+:\d+: .*20/],
    ['a duration that is none', 'config/services.yaml', 'patience: 15m', 'patience: soon', /:\d+:\d+: .*90s, 15m/],
    [
      'a channel that is not there',
      'config/services.yaml',
      'channel: incidents',
      'channel: nowhere',
      /no channel nowhere/,
    ],
    [
      'a person without a Slack id',
      'config/oncall.yaml',
      'U0HANDSOFF1',
      'robin',
      /oncall\.yaml:\d+:\d+: .*Slack member id/,
    ],
    [
      'a channel without a Slack id',
      'config/channels.yaml',
      'C0INCIDENTS',
      '"#incidents"',
      /channels\.yaml:\d+:\d+: .*channel id/,
    ],
    ['a mode that is none', ec2, 'mode: act', 'mode: yolo', /runbook\.yaml:\d+:\d+: .*observe/],
    ['a wildcard among the mutations', ec2, 'ec2:StopInstances', 'ec2:*', /one API action/],
    ['a pattern that EventBridge refuses', disk, /match:\n/, 'match:\n  bad: nope\n', /event pattern/],
    ['an approver group that is not there', disk, /approvers: \w+/, 'approvers: nobody', /no group nobody/],
    [
      'a partner bus that stands there twice',
      'config/sources.yaml',
      'partner_buses: []',
      'partner_buses: [aws.partner/datadog.com/main, aws.partner/datadog.com/main]',
      /sources\.yaml:\d+:\d+: partner_buses\.1: aws\.partner\/datadog\.com\/main stands here twice/,
    ],
    [
      'a runbook called as the kill switch of all of them',
      disk,
      'id: disk-space-low',
      'id: global',
      /runbook\.yaml:\d+:\d+: id: may not be global: so the kill switch/,
    ],
    ['a folder called otherwise', disk, 'id: disk-space-low', 'id: disk', /folder is called disk-space-low/],
  ])('reports %s, with file, line and what to do', (_what, file, from, to, problem) => {
    project.edit(file, from, to);
    expect(problems()).toEqual([expect.stringMatching(problem)]);
  });

  it('reports every problem of every file at once', () => {
    project.edit('config/services.yaml', 'times: 3', 'times: 0');
    project.edit('config/oncall.yaml', 'U0HANDSOFF2', 'sam');
    project.edit(ec2, 'mode: act', 'mode: yolo');
    project.edit(disk, 'id: disk-space-low', 'id: Disk');
    expect(problems()).toHaveLength(4);
  });

  it('reports a file that is no YAML, and one that is missing', () => {
    project.write('config/oncall.yaml', 'groups: [\n');
    project.remove('config/channels.yaml');
    expect(problems()).toEqual([
      expect.stringMatching(/oncall\.yaml:\d+:\d+: is not YAML: .*[^:]\. Correct the text here\.$/),
      expect.stringContaining('config/channels.yaml:1:1: is not there'),
    ]);
    expect(problems().join()).not.toContain('at line');
  });

  it('reports a document of a runbook that is no YAML, and nothing of what it would say', () => {
    const document = 'statemachines/runbooks/disk-space-low/compress-logs.automation.yaml';
    project.edit(document, 'mainSteps:', 'steps: [\nmainSteps:');
    expect(problems()).toEqual([expect.stringMatching(new RegExp(`^${document}:\\d+:\\d+: is not YAML: `))]);
  });

  it('reports a state machine that is no JSON, of a runbook or of the lifecycle, where it stops being it', () => {
    const definition = 'statemachines/runbooks/disk-space-low/definition.asl.json';
    project.edit(definition, /"diagnostics": \[/, '"diagnostics": ');
    project.edit('statemachines/respond.asl.json', '"StartAt":', '"StartAt"');
    expect(problems()).toEqual([
      expect.stringMatching(new RegExp(`^${definition}:\\d+:\\d+: is not JSON: .* Correct the text here\\.$`)),
      expect.stringMatching(/^statemachines\/respond\.asl\.json:\d+:\d+: is not JSON/),
    ]);
  });

  it('reports a document that a runbook names and does not have', () => {
    project.remove('statemachines/runbooks/disk-space-low/restore-logs.automation.yaml');
    expect(problems()).toEqual([expect.stringContaining('there is no restore-logs.automation.yaml')]);
  });

  it('reports documents that would have one name in the account, and one whose name SSM does not take', () => {
    const document = 'schemaVersion: "0.3"\n';
    const folder = 'statemachines/runbooks/disk-space-low';
    project.write(`${folder}/measure-disk-command.automation.yaml`, document);
    project.write(`${folder}/compress logs.automation.yaml`, document);
    const name = 'handsoff-disk-space-low-measure-disk-command';
    expect(problems()).toEqual(
      expect.arrayContaining([
        `${folder}/measure-disk.command.yaml:1:1: would be called ${name} in the account, as ${folder}/measure-disk-command.automation.yaml is; rename one of them.`,
        expect.stringMatching(/compress logs\.automation\.yaml:1:1: would be called .*SSM takes only/),
      ]),
    );
  });

  it('reports documents of two runbooks that would have one name in the account', () => {
    const folder = 'statemachines/runbooks/disk-space';
    for (const file of ['runbook.yaml', 'definition.asl.json'])
      project.write(`${folder}/${file}`, project.read(`statemachines/runbooks/default/${file}`));
    project.edit(`${folder}/runbook.yaml`, 'id: default', 'id: disk-space');
    project.write(`${folder}/low-compress-logs.automation.yaml`, 'schemaVersion: "0.3"\n');
    expect(problems()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /disk-space-low\/compress-logs\.automation\.yaml:1:1: would be called handsoff-disk-space-low-compress-logs in the account, as .*disk-space\/low-compress-logs/,
        ),
      ]),
    );
  });

  it('needs a last service that owns what is left, and only one', () => {
    project.edit('config/services.yaml', '    channel:', '    match: { event_action: [trigger] }\n    channel:');
    expect(problems()).toEqual([expect.stringContaining('the last service must have no match')]);
  });

  it('says where a mapping is no JSONata, and where one is missing', () => {
    const custom = (id: string, rest: string) => `  - { id: ${id}, format: custom, auth: { kind: bearer }${rest} }\n`;
    const broken = custom('broken', ', mapping: { dedup_key: "a.(", summary: b }');
    project.edit('config/sources.yaml', 'integrations:\n', `integrations:\n${broken}${custom('missing', '')}`);
    expect(problems()).toEqual([
      expect.stringMatching(/sources\.yaml:\d+:\d+: integrations\.0\.mapping\.dedup_key: is no JSONata/),
      expect.stringMatching(/sources\.yaml:\d+:\d+: integrations\.1\.mapping: goes with the format custom/),
    ]);
  });

  it('refuses a regular expression that repeats what is repeated already, in a mapping and in a parameter', () => {
    const mapping = String.raw`{ dedup_key: "$match(name, /^(\\w+\\s?)+$/).match", summary: name }`;
    const greedy = `  - { id: greedy, format: custom, auth: { kind: bearer }, mapping: ${mapping} }\n`;
    project.edit('config/sources.yaml', 'integrations:\n', `integrations:\n${greedy}`);
    project.edit(ec2, "pattern: '^i-[0-9a-f]{8,17}$'", 'pattern: "^(i-?[0-9a-f]*)+$"');
    const why = 'repeats what is repeated already';
    expect(problems()).toEqual([
      expect.stringMatching(new RegExp(`sources\\.yaml:\\d+:\\d+: integrations\\.0\\.mapping\\.dedup_key: ${why}`)),
      expect.stringMatching(
        new RegExp(`runbook\\.yaml:\\d+:\\d+: remediation\\.parameters\\.InstanceId\\.pattern: ${why}`),
      ),
    ]);
  });

  it('needs a runbook for what no other matches', () => {
    project.remove('statemachines/runbooks/default');
    expect(problems()).toEqual([expect.stringMatching(/no folder default/)]);
  });

  it('asks for guards and a proof of recovery where a runbook repairs', () => {
    project.edit(ec2, /^verify:\n(  .*\n)+/m, '');
    expect(problems()).toEqual([expect.stringContaining('needs verify as well')]);
  });

  it('asks for no proof of recovery of what only contains the trouble, and takes none', () => {
    project.edit(ec2, '  timeout: 30m\n', '  timeout: 30m\n  contains: The instance is isolated.\n');
    expect(problems()).toEqual([expect.stringMatching(/runbook\.yaml:\d+:\d+: verify: has no place beside contains/)]);
    project.edit(ec2, /^verify:\n(  .*\n)+/m, '');
    const { manifest } =
      loadConfig(project.root).runbooks.find((one) => one.manifest.id === 'ec2-status-check-failed') ?? {};
    expect(manifest && catalogEntryOf(manifest, {}, 'arn')).toMatchObject({
      contains: 'The instance is isolated.',
      verify: null,
    });
  });

  it('counts three failures in a row before a runbook is disabled, unless it says otherwise', () => {
    const breakerOf = () =>
      loadConfig(project.root).runbooks.find(({ manifest }) => manifest.guards)?.manifest.guards?.breaker;
    expect(breakerOf()).toBe(3);
  });

  it('knows the groups whose members are repaired one by one', () => {
    project.edit(ec2, '  budget_per_hour: 3\n', '  budget_per_hour: 3\n  share: { of: fleet, percent: 10 }\n');
    expect(problems()).toEqual([expect.stringMatching(/guards\.share\.of: .*auto-scaling-group/)]);
  });

  it('reads when nothing may be changed, and takes no calendar that is none, no window without hours', () => {
    const freeze =
      '{ id: year-end, match: { event_action: [trigger] }, once: { from: "2026-12-20T00:00:00Z", to: "2027-01-04T06:00:00Z" } }';
    project.write('config/change-calendar.yaml', `freezes:\n  - ${freeze}\ncalendars: [year-end]\n`);
    expect(loadConfig(project.root).deployed.changes).toEqual({
      freezes: [expect.objectContaining({ id: 'year-end' })],
      calendars: ['year-end'],
      automations_in_flight: 80,
    });
    const rehearsed = withoutWindows(loadConfig(project.root)).deployed.changes;
    expect(rehearsed).toMatchObject({ freezes: [], calendars: ['year-end'] });
    project.write(
      'config/change-calendar.yaml',
      'freezes:\n  - { id: a, match: { event_action: [trigger] } }\ncalendars: ["a b"]\n',
    );
    expect(problems()).toEqual([
      expect.stringMatching(/change-calendar\.yaml:2:\d+: freezes\.0: needs either once or weekly/),
      expect.stringMatching(/change-calendar\.yaml:3:\d+: calendars\.0: is neither the name nor the ARN/),
    ]);
  });

  it('lets a question to a person stand for minutes, not for days', () => {
    project.edit('statemachines/runbooks/disk-space-low/runbook.yaml', /expires: \w+/, 'expires: 2h');
    expect(problems()).toEqual([expect.stringMatching(/approval\.expires: .*1h at the most/)]);
  });
});

describe('a mistake that would be noticed only when somebody is not called', () => {
  const freeze = (match: string) =>
    `{ id: year-end, match: ${match}, once: { from: "2026-12-20T00:00:00Z", to: "2027-01-04T06:00:00Z" } }`;
  const weekly = 'weekly: { days: [sun], from: "02:00", to: "04:00", timezone: UTC }';

  it.each<[string, string, string | RegExp, string, RegExp]>([
    [
      'a freeze that matches no alert',
      'config/change-calendar.yaml',
      'freezes: []',
      `freezes:\n  - ${freeze('{ payload: { grup: [a] } }')}`,
      /:11:\d+: freezes\.0\.match\.payload\.grup: no alert has payload\.grup; this never matches/,
    ],
    [
      'a freeze of a severity that there is not',
      'config/change-calendar.yaml',
      'freezes: []',
      `freezes: [${freeze('{ payload: { severity: [critical, warn] } }')}]`,
      /match\.payload\.severity\.1: severity is never warn; it is one of critical, error, warning, info/,
    ],
    [
      'a maintenance of what is no field but has some',
      'config/maintenance.yaml',
      'windows: []',
      `windows: [{ id: night, match: { resource: [i-1] }, ${weekly} }]`,
      /windows\.0\.match\.resource: resource has members in an alert; ask about one of them/,
    ],
    [
      'a service that owns no alert',
      'config/services.yaml',
      'services:\n',
      `services:\n${aServiceOf('batch', '{ event_action: [triger] }')}`,
      /services\.0\.match\.event_action\.0: event_action is never triger/,
    ],
    [
      'a service called as another one, whose people would be called in its place',
      'config/services.yaml',
      'services:\n',
      `services:\n${aServiceOf('platform', '{ payload: { group: [a] } }')}`,
      /services\.1\.id: platform stands here twice; rename one/,
    ],
    [
      'alerts that are one incident by something that none has',
      'config/triage.yaml',
      'groups: []',
      'groups: [{ id: all, match: { payload: { severity: [info] } }, by: [payload.grup], window: 1h }]',
      /groups\.0\.by\.0: no alert has payload\.grup; write one such as payload\.group/,
    ],
    [
      'alerts that are one incident by a list, where no value stands',
      'config/triage.yaml',
      'groups: []',
      'groups: [{ id: all, match: { payload: { severity: [info] } }, by: [links.href], window: 1h }]',
      /groups\.0\.by\.0: links is a list in an alert; write one such as links\.0\.href/,
    ],
    [
      'a maintenance of every alert, which lacks what none has',
      'config/maintenance.yaml',
      'windows: []',
      `windows: [{ id: night, match: { payload: { grup: [{ exists: false }] } }, ${weekly} }]`,
      /match\.payload\.grup: no alert has payload\.grup; this always matches/,
    ],
    [
      'two windows of one name',
      'config/maintenance.yaml',
      'windows: []',
      `windows: [{ id: a, match: { event_action: [trigger] }, ${weekly} }, { id: a, match: { event_action: [trigger] }, ${weekly} }]`,
      /windows\.1\.id: a stands here twice/,
    ],
    [
      'a change calendar that stands there twice',
      'config/change-calendar.yaml',
      'calendars: []',
      'calendars: [company, company]',
      /calendars\.1: company stands here twice/,
    ],
    [
      'a patience without end',
      'config/services.yaml',
      'patience: 15m',
      'patience: 90d',
      /patience: may be 1d at the most/,
    ],
    [
      'calls that are years apart',
      'config/services.yaml',
      'repeat: 10m',
      'repeat: 9999d',
      /repeat: may be 1d at the most/,
    ],
    ['a pause without end', 'config/triage.yaml', 'for: 2m', 'for: 100d', /pause\.0\.for: may be 1d at the most/],
    [
      'a repair that is cut off',
      ec2,
      '  timeout: 30m\n',
      '  timeout: 10h\n',
      /remediation\.timeout: twice, .* shorten them/,
    ],
    [
      'a group whose name is none, where it stands',
      'config/oncall.yaml',
      '  sre:',
      '  SRE Team: [{ name: Kim, slack: U123 }]\n  sre:',
      /oncall\.yaml:3:3: groups\.SRE Team: must be kebab-case/,
    ],
    [
      'a list with nothing in it',
      'config/maintenance.yaml',
      'windows: []',
      'windows:',
      /windows: is empty; fill it in/,
    ],
    ['a file with nothing in it', 'config/oncall.yaml', /[^]*/, '', /oncall\.yaml:1:1: is empty; look at/],
  ])('is reported: %s', (_what, file, from, to, problem) => {
    project.edit(file, from, to);
    expect(problems()).toEqual([expect.stringMatching(problem)]);
  });
});

describe('what is unusual and right', () => {
  it.each<[string, string, string]>([
    [
      'services:\n',
      aServiceOf('batch', '{ $or: [{ payload: { severity: [critical] } }, { links: { href: [a] } }] }'),
      'services',
    ],
    ['services:\n', aServiceOf('batch', '{ "payload.custom_details.tags": [{ exists: true }] }'), 'services'],
    ['services:\n', aServiceOf('batch', '{ payload: { severity: [{ anything-but: [info] }, null] } }'), 'services'],
    ['services:\n', aServiceOf('batch', '{ resource: { arn: [{ exists: false }] } }'), 'services'],
    [
      'groups: []',
      'groups: [{ id: all, match: { event_action: [trigger] }, by: [links.0.href], window: 30d }]',
      'triage',
    ],
    [
      'integrations:\n',
      'integrations:\n  - id: jobs\n    format: custom\n    auth: { kind: sns-signature, topic_arn: "arn:aws:sns:eu-central-1:123456789012:jobs" }\n    mapping: { dedup_key: Subject, summary: Message }\n',
      'sources',
    ],
    ['within: 2h, settle: 45m', 'within: 2h, settle: 1d', 'triage'],
  ])('is taken: %s %s', (from, to, file) => {
    project.edit(`config/${file}.yaml`, from, from === 'services:\n' ? from + to : to);
    expect(problems()).toEqual([]);
  });
});

function aServiceOf(id: string, match: string): string {
  return [
    `  - id: ${id}`,
    '    owner: somebody',
    `    match: ${match}`,
    '    priority: { critical: P1, error: P2, warning: P3, info: P4 }',
    '    channel: incidents',
    '    escalation: { patience: 15m, repeat: 10m, times: 3 }',
    '',
  ].join('\n');
}

describe('config/executors.yaml', () => {
  const file = 'config/executors.yaml';

  it.each([
    [/url: .*/, 'url: http://rundeck.example.com', /url: must be an https URL/],
    [/url: .*/, 'url: https://me:secret@rundeck.example.com', /url: must be an https URL/],
    [/api_version: .*/, 'api_version: 13', /api_version: must be 14 or later/],
    [/job: 0{8}.*/, 'job: drain', /jobs\.0\.job: is not the UUID/],
    [/options: .*/, 'options: ["-f"]', /options\.0: is not the name of an option/],
  ])('is refused where %s says otherwise, with the line', (from, to, message) => {
    project.edit(file, from, to);
    expect(problems()).toEqual([expect.stringMatching(new RegExp(`^${file}:\\d+:\\d+: .*${message.source}`))]);
  });

  it('may be empty: then Rundeck is no executor', () => {
    project.write(file, '{}\n');
    expect(loadConfig(project.root).deployed).not.toHaveProperty('rundeck');
  });
});

describe('placeholderDocuments', () => {
  const file = 'statemachines/runbooks/ansible-playbook/run-playbook.automation.yaml';

  it('names the document whose playbook is nobody’s, until both of its steps name another', () => {
    const documents = () => placeholderDocuments(loadConfig(project.root).runbooks);
    expect(documents()).toEqual([expect.stringContaining(file)]);
    project.edit(file, '"example-org"', '"ours"');
    expect(documents()).toHaveLength(1);
    project.edit(file, '"example-org"', '"ours"');
    expect(documents()).toEqual([]);
  });
});

describe('placeholdersIn', () => {
  it('names what would leave somebody untold', () => {
    const warnings = placeholdersIn(loadConfig(project.root).deployed);
    expect(warnings).toEqual([
      expect.stringContaining('C0INCIDENTS'),
      expect.stringContaining('the group sre'),
      expect.stringContaining('rundeck.example.com is no Rundeck'),
      expect.stringContaining('the job drain-queue'),
    ]);
  });

  it('is content with real ids', () => {
    project.edit('config/channels.yaml', 'C0INCIDENTS', 'C012AB3CD');
    project.edit('config/oncall.yaml', 'U0HANDSOFF1', 'U012AB3CD');
    project.edit('config/oncall.yaml', 'U0HANDSOFF2', 'U012AB3CE');
    project.edit('config/executors.yaml', 'rundeck.example.com', 'rundeck.example.org');
    project.edit('config/executors.yaml', /job: 0{8}/, 'job: 5b1d2c3e');
    expect(placeholdersIn(loadConfig(project.root).deployed)).toEqual([]);
  });
});
