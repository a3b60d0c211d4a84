import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../functions/domain/incident.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import { breaksOf } from '../../rehearsal/breaks.ts';
import { checkExpectations, type Happened, outcomeOf, whatHappened } from '../../rehearsal/check-expectations.ts';
import { checkInvariants } from '../../rehearsal/check-invariants.ts';
import { faultMatrix } from '../../rehearsal/faults/fault-matrix.ts';
import { type Rehearsal, readRehearsal } from '../../rehearsal/rehearsal-file.ts';
import { RehearsalStage } from '../../rehearsal/rehearsal-stage.ts';
import { rehearseRunbook } from '../../rehearsal/rehearse-runbook.ts';
import { findRunbook, type RehearsedRunbook } from '../../rehearsal/rehearsed-runbook.ts';
import type { Played, Scene } from '../../rehearsal/scene.ts';
import { type AwsCall, AwsError } from '../../sandbox/aws.ts';
import { parseWorld } from '../../sandbox/world/world.ts';
import { anEntry } from '../support/an-entry.ts';
import { testAssembly } from '../support/stage.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const id = 'ec2-status-check-failed';

let stage: RehearsalStage;
let runbook: RehearsedRunbook;
let rehearsal: Rehearsal;
let scene: Scene;
let played: Played;
let happened: Happened;

beforeAll(async () => {
  stage = await RehearsalStage.open(testAssembly);
  const { assembly } = stage.stack.sandbox;
  const folder = loadConfig(checkout).runbooks.find(({ manifest }) => manifest.id === id);
  if (!folder) throw new Error(`There is no ${id}.`);
  runbook = findRunbook(assembly, folder);
  rehearsal = readRehearsal(join(folder.directory, 'rehearsals/restart-recovers.yaml'));
  const { event, world } = rehearsal;
  scene = { event, world, approver: 'agrees', toTheEnd: true };
  played = await stage.play(scene);
  happened = whatHappened(played, runbook, assembly);
}, 60_000);
afterAll(() => stage?.close());

/** How an incident went: it is open unless something else is said, and resolved by whom where somebody did. */
interface Course {
  readonly status?: 'resolved';
  readonly remediation: Incident['remediation'];
  readonly by?: string;
}

/** A play after which an incident stands so, and in which people were told nothing but one message. */
function afterCourse({ status, remediation, by }: Course, word: string): Partial<Played> {
  return {
    incident: played.incident && { ...played.incident, status: status ?? 'triggered', remediation },
    timeline: [anEntry(), ...(by ? [anEntry({ kind: 'resolved', by })] : [])],
    told: [{ by: 'sns', text: `[P2] ${word}: an instance` }],
  };
}

function broken(over: Partial<Played>, of = runbook, toTheEnd = true): string[] {
  const options = { runbook: of, assembly: stage.stack.sandbox.assembly, toTheEnd };
  return checkInvariants({ ...played, ...over }, options).map(({ what }) => what);
}

describe('a rehearsal', () => {
  it.each([
    ['server-error', 'StopInstances', 0],
    ['timeout', 'StopInstances', 1],
    ['server-error', 'GetConsoleOutput', 0],
    ['timeout', 'GetConsoleOutput', 0],
  ] as const)('breaks by a %s, and of ec2:%s comes to AWS: %i', async (error, operation, count) => {
    const faults = [{ call: `ec2:${operation}`, error }];
    const breaks = () => breaksOf(faults, stage.isMachine);
    const { calls, worldCalls } = await stage.play({ ...scene, breaks, hasChat: false, toTheEnd: false });
    expect(calls.find((call) => call.operation === operation)?.error).toBeDefined();
    expect(worldCalls.filter((call) => call.operation === operation)).toHaveLength(count);
  });

  it('passes when all happens that it expects, and nothing that may never happen', () => {
    expect(rehearsal.expect && checkExpectations(rehearsal.expect, happened)).toEqual([]);
    expect(broken({})).toEqual([]);
  });

  it.each([
    ['{"outcome":"recovered"}', 'recovered'],
    ['{"outcome":7}', '7'],
    ['{"outcome":null}', 'null'],
    ['{}', 'no-outcome'],
    [undefined, 'succeeded'],
  ])('says of the answer %s that its outcome is %s', (output, outcome) => {
    const { runbook: execution } = played;
    expect(outcomeOf({ ...played, runbook: execution && { ...execution, output } })).toBe(outcome);
  });

  it('passes without what breaks, though a state is entered only then', async () => {
    const result = await rehearseRunbook({ stage, runbook, rehearsals: [rehearsal], hasMatrices: false });
    expect(result.coverage.missing_states).toContain('Call Person');
    expect(result).toMatchObject({ passed: true, whole: false });
  });

  it('breaks nothing, and misses nothing, before it passes', async () => {
    if (!rehearsal.expect) throw new Error('The rehearsal expects nothing.');
    const wrong = { ...rehearsal, expect: { ...rehearsal.expect, outcome: 'needs-human' as const } };
    const result = await rehearseRunbook({ stage, runbook, rehearsals: [wrong], hasMatrices: true });
    expect(result).toMatchObject({ passed: false, whole: false, problems: [] });
    expect(result.scenarios).toHaveLength(1);
  });

  it.each([
    ['outcome', { outcome: 'needs-human' }],
    ['path', { path: ['Diagnose Instance', 'Decide Repair', 'Call Person'] }],
    ['findings', { findings: { 'instance-status': 'healthy' } }],
    ['mutations', { mutations: ['ec2:StopInstances'] }],
    ['told', { told: ['resolved', 'triggered'] }],
  ] as const)('fails by a wrong %s, and shows both', (what, change) => {
    if (!rehearsal.expect) throw new Error('The rehearsal expects nothing.');
    const differences = checkExpectations({ ...rehearsal.expect, ...change } as typeof rehearsal.expect, happened);
    expect(differences.map((difference) => difference.what)).toEqual([what]);
  });

  it.each([
    ['a call that is never made', { faults: [{ call: 'ec2:StopInstnces', error: 'timeout' }] }, 'faults.0: no call of'],
    [
      'a call with another input',
      { faults: [{ call: 'ec2:StopInstances', error: 'timeout', input: { InstanceIds: ['i-0'] } }] },
      'faults.0: no call of ec2:StopInstances that fits its input',
    ],
    [
      'a call whose answer never says what did not succeed',
      { faults: [{ call: 'ec2:StopInstances', error: 'partial' }] },
      'faults.0: no call of ec2:StopInstances that says in its answer what did not succeed',
    ],
    ['an answer that nobody is asked for', { people: { approver: 'refuses' } }, 'people.approver: nobody is asked'],
  ] as const)('fails where %s is to break, which breaks nothing', async (_name, change, found) => {
    const changed = { ...rehearsal, ...change } as Rehearsal;
    const result = await rehearseRunbook({ stage, runbook, rehearsals: [changed], hasMatrices: false });
    expect(result.passed).toBe(false);
    expect(result.scenarios.flatMap(({ differences }) => differences)).toEqual([
      expect.objectContaining({ what: 'faults', found: [expect.stringContaining(found)] }),
    ]);
  });

  it('is another where its recovery comes when nobody waits for it any more', async () => {
    const late = { ...rehearsal, faults: [{ late: 'recovery' as const }] };
    const result = await rehearseRunbook({ stage, runbook, rehearsals: [late], hasMatrices: false });
    expect(result.scenarios).toMatchObject([{ outcome: 'needs-human', passed: false }]);
    expect(result.scenarios[0]?.steps.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['not-helped', 'needs-human', 'resolved']),
    );
    const without = { ...late, world: { ...late.world, happenings: [] } };
    const { scenarios } = await rehearseRunbook({ stage, runbook, rehearsals: [without], hasMatrices: false });
    expect(scenarios[0]?.differences.flatMap(({ found }) => found)).toContain(
      'faults.0: no happening that could come late',
    );
  });

  it('fails where the runbook comes to no answer, unless nobody could be called', () => {
    const failed = played.runbook && { ...played.runbook, status: 'FAILED' as const };
    expect(broken({ runbook: failed })).toEqual(['answered']);
    const input = { FunctionName: 'arn:aws:lambda:eu-central-1:123456789012:function:handsoff-call-person' };
    const calls = played.calls.map((call) => ({ ...call, service: 'lambda', operation: 'Invoke', input }));
    const [call] = calls;
    if (!call) throw new Error('Nothing was called.');
    expect(broken({ runbook: failed, calls: [...played.calls, call] })).toEqual(['answered']);
    const cut = { ...call, error: 'TooManyRequestsException' };
    expect(broken({ runbook: failed, calls: [...played.calls, cut] })).toEqual([]);
  });

  it('fails when something is called that the manifest does not declare, action, resource and condition', () => {
    const without = (change: (text: string) => string) => {
      const mutations = JSON.parse(change(JSON.stringify(runbook.manifest.mutations)));
      return { ...runbook, manifest: { ...runbook.manifest, mutations } };
    };
    expect(
      broken(
        {},
        without((text) => text.replace('ec2:StartInstances', 'ec2:RebootInstances')),
      ),
    ).toEqual(['declared']);
    expect(
      broken(
        {},
        without((text) => text.replaceAll('ec2:instance/*', 'ec2:volume/*')),
      ),
    ).toEqual(['declared']);
    expect(
      broken(
        {},
        without((text) => text.replaceAll('"act"', '"never"')),
      ),
    ).toEqual(['declared']);
  });

  it('fails when IAM refuses, nobody hears, a target stays locked, or something goes on', () => {
    expect(broken({ denied: ['not authorized'] })).toEqual(['allowed']);
    expect(broken({ faults: ['The world does not describe it.'] })).toEqual(['described']);
    expect(broken({ told: [] })).toEqual(['told']);
    expect(broken({ leases: ['arn:of-a-target'] })).toEqual(['leases']);
    expect(broken({ unfinished: ['the automation x'] })).toEqual(['ended']);
    expect(broken({ runbook: undefined })).toEqual(['started']);
  });

  it('fails when an execution still runs, but for the response whose end was not waited for', () => {
    const running = (machine: string) => ({
      executions: played.executions.map((one) =>
        one.machineArn.endsWith(`:handsoff-${machine}`) ? { ...one, status: 'RUNNING' as const } : one,
      ),
    });
    expect(broken(running('remediate'))).toEqual(['ended']);
    expect(broken(running('remediate'), runbook, false)).toEqual(['ended']);
    expect(broken(running('respond'))).toEqual(['ended']);
    expect(broken(running('respond'), runbook, false)).toEqual([]);
  });

  it('fails when its time limit ended the runbook', () => {
    const late = played.runbook && { ...played.runbook, status: 'TIMED_OUT' as const };
    expect(broken({ runbook: late })).toEqual(['time']);
  });

  it.each([
    ['the alarm is over', { status: 'resolved', remediation: 'recovered', by: 'handsoff' }, 'RESOLVED'],
    ['the repair has helped', { status: 'resolved', remediation: 'recovered', by: `runbook:${id}` }, 'RESOLVED'],
    ['a repair is proposed', { remediation: 'proposed' }, 'REPAIR PROPOSED'],
    ['a person is called instead', { remediation: 'proposed' }, 'PERSON NEEDED'],
    ['a person is called', { remediation: 'refused' }, 'PERSON NEEDED'],
    ['a person who was called resolves it', { status: 'resolved', remediation: 'refused', by: 'kim' }, 'PERSON NEEDED'],
  ] as const)('passes where %s and people hear so', (_name, course, word) => {
    expect(broken(afterCourse(course, word))).toEqual([]);
  });

  it.each([
    [
      'of the alarm alone when it is over',
      { status: 'resolved', remediation: 'recovered', by: 'handsoff' },
      'TRIGGERED',
    ],
    ['that it is over when it is not', { remediation: 'recovered', by: 'handsoff' }, 'RESOLVED'],
    [
      'that a person resolved what nobody called him for',
      { status: 'resolved', remediation: 'refused', by: 'kim' },
      'RESOLVED',
    ],
    ['of the alarm alone when a repair is proposed', { remediation: 'proposed' }, 'TRIGGERED'],
    ['of a proposal when a repair is refused', { remediation: 'refused' }, 'REPAIR PROPOSED'],
    ['of the alarm alone when nobody repairs it', { remediation: 'none' }, 'TRIGGERED'],
  ] as const)('fails where people hear %s', (_name, course, word) => {
    expect(broken(afterCourse(course, word))).toEqual(['told']);
  });

  it('leaves a target locked where people hear that it stays so', () => {
    const timeline = [
      ...played.timeline,
      anEntry({ kind: 'needs-human', text: 'The target stays locked for an hour.' }),
    ];
    expect(broken({ leases: ['arn:of-a-target'], timeline })).toEqual([]);
  });

  it('fails when the document makes a call that nobody declared', async () => {
    const role = runbook.automationRole ?? '';
    const call = { service: 'ec2', operation: 'RebootInstances', input: { InstanceIds: ['i-0a1b2c3d4e5f60718'] } };
    const { router } = stage.stack.sandbox;
    const before = router.denied().length;
    await expect(router.call({ ...call, principal: { kind: 'role', arn: role } })).rejects.toThrow(/not authorized/);
    const refused = router.denied().slice(before);
    const made = router.calls().slice(-1);
    expect(broken({ calls: [...played.calls, ...made], denied: refused.map(({ message }) => message) })).toEqual([
      'allowed',
      'declared',
    ]);
  });
});

describe('the fault matrix', () => {
  it('breaks every call of the definition, the diagnostics and the document, each once in each way that matters', () => {
    const names = matrixOf().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'when lambda:Invoke handsoff-diagnose is throttled in Diagnose Instance',
        'when lambda:Invoke handsoff-diagnose gets no answer in Diagnose Instance',
        'when cloudtrail:LookupEvents is throttled while looking',
        'when the status events of SSM get lost',
      ]),
    );
    expect(names.some((name) => /^when ec2:StartInstances .* after ec2:StopInstances$/.test(name))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.includes('succeeds in nothing'))).toEqual([]);
  });

  it('plays what breaks around every runbook alike with the default runbook alone', () => {
    const common = ['when the alarm is delivered twice', 'when the chat is down, and SNS takes no message for a while'];
    const commonOf = (id: string) =>
      matrixOf({}, { runbook: { ...runbook, id } })
        .map(({ name }) => name)
        .filter((name) => common.includes(name));
    expect(commonOf('default')).toEqual(common);
    expect(commonOf(runbook.id)).toEqual([]);
  });

  it('begins with the response to the alert, and not with the alert', async () => {
    const [scenario] = matrixOf();
    const { calls, incident } = await stage.play(scenario?.scene ?? scene);
    expect(calls.filter(({ principal }) => principal.arn.includes('triage'))).toEqual([]);
    expect(incident).toMatchObject({ runbook: runbook.id, id: played.incident?.id });
    expect(incident?.opened_at).not.toBe(played.incident?.opened_at);
  });

  it.each([
    ['a look', /^when cloudtrail:LookupEvents .* while looking$/, []],
    ['the repair that is asked for', /^when sfn:StartExecution .* in /, ['handsoff-runbook']],
    ['a change', /^when ec2:StartInstances .* after ec2:StopInstances$/, ['handsoff-remediate', 'handsoff-runbook']],
    ['what SSM tells', /^when the status events of SSM get lost$/, ['handsoff-remediate', 'handsoff-runbook']],
  ])('begins as late as it can before %s breaks, and comes to the same', async (_, name, positions) => {
    const { assembly } = stage.stack.sandbox;
    const ofBeginnings = (beginnings: Played['beginnings']) =>
      matrixOf({ beginnings }).find((one) => name.test(one.name));
    const late = ofBeginnings(played.beginnings);
    const whole = ofBeginnings(played.beginnings.slice(0, 1));
    if (!late || !whole) throw new Error('There is no such scenario.');
    const begun = [...(late.scene.from?.positions.keys() ?? [])].map((arn) =>
      arn.replace(/^.*:(handsoff-[a-z]+).*$/, '$1'),
    );
    expect(begun.sort()).toEqual(positions);
    const [first, second] = [await stage.play(late.scene), await stage.play(whole.scene)];
    const cameTo = (result: Played) => {
      const { outcome, mutations, path } = whatHappened(result, runbook, assembly);
      const { status, remediation } = result.incident ?? {};
      return { outcome, mutations, last: path.at(-1), status, remediation, ms: result.endedAt - result.startedAt };
    };
    expect(cameTo(first)).toEqual(cameTo(second));
    if (positions.length > 0) expect(first.calls.length).toBeLessThan(second.calls.length);
  });

  it('leaves nothing half done that nobody hears of, when a change is refused half way', async () => {
    const scenario = matrixOf().find(({ name }) => /^when ec2:StartInstances .* after ec2:StopInstances$/.test(name));
    if (!scenario) throw new Error('There is no such scenario.');
    const result = await stage.play(scenario.scene);
    const options = { runbook, assembly: stage.stack.sandbox.assembly, toTheEnd: false };
    expect(checkInvariants(result, options)).toEqual([]);
    expect(result.incident).toMatchObject({ remediation: 'failed' });
    expect(result.told.some(({ text }) => text.includes('PERSON NEEDED'))).toBe(true);
  });
});

function matrixOf(over: Partial<Played> = {}, facts: { readonly runbook?: RehearsedRunbook } = {}) {
  const { sandbox } = stage.stack;
  const lookingRoles = [sandbox.functions.find('handsoff-diagnose')?.roleArn ?? ''];
  const known = { runbook, assembly: sandbox.assembly, isMachine: stage.isMachine, lookingRoles, ...facts };
  return faultMatrix([{ rehearsal, scene, played: { ...played, ...over } }], known);
}

describe('an event that its target does not take', () => {
  const begins = ({ operation, input }: AwsCall) =>
    operation === 'StartExecution' && String(input['stateMachineArn']).endsWith(':handsoff-intake');

  it('is no fault of the sandbox where the scene breaks that, and it is tried again', async () => {
    const broken: AwsError[] = [];
    const breakOnce = () => {
      broken.push(new AwsError('ThrottlingException', 'Slow down.'));
      return broken[0];
    };
    const breaks = () => (call: AwsCall) => (begins(call) && broken.length === 0 ? breakOnce() : undefined);
    const { faults, incident } = await stage.play({ ...scene, breaks, toTheEnd: false });
    expect(broken).toHaveLength(1);
    expect([faults, incident?.runbook]).toEqual([[], id]);
  });

  it('fails the rehearsal also where a dead-letter queue has it', async () => {
    const { sandbox } = stage.stack;
    const whole = sandbox.authority;
    const starting = whole
      .statements()
      .filter(({ action, resource }) => action === 'states:StartExecution' && resource.endsWith(':handsoff-intake'));
    expect(starting).not.toEqual([]);
    sandbox.useAuthority(starting.reduce((authority, { id: grant }) => authority.without(grant), whole));
    const { faults } = await stage.play({ ...scene, toTheEnd: false });
    sandbox.useAuthority(whole);
    expect(faults).toEqual([expect.stringContaining(':handsoff-intake did not take an event of')]);
    expect(sandbox.events.failedDeliveries.at(-1)?.deadLetterArn).toContain('handsoff-dead-letters');
  });
});

describe('a call that the world does not describe', () => {
  it('fails the rehearsal and is named', async () => {
    const result = await stage.play({ ...scene, world: parseWorld({}), toTheEnd: false });
    const options = { runbook, assembly: stage.stack.sandbox.assembly, toTheEnd: false };
    const [first] = checkInvariants(result, options);
    expect(first).toMatchObject({ what: 'described' });
    expect(first?.found.join()).toContain('ec2:DescribeInstanceStatus');
    // And not once more as whoever called heard it.
    expect(first?.found.join().match(/does not describe ec2:DescribeInstanceStatus/g)).toHaveLength(1);
  });

  it('fails the rehearsal in which it is made, and none after that', async () => {
    const undescribed = { ...scene, world: parseWorld({}), toTheEnd: false };
    const plays = [undescribed, { ...scene, toTheEnd: false }, undescribed];
    const faults: number[] = [];
    for (const one of plays) faults.push((await stage.play(one)).faults.length);
    expect(faults).toEqual([expect.any(Number), 0, faults[0]]);
    expect(faults[0]).toBeGreaterThan(0);
  });

  it('fails the next rehearsal where it is made between two', async () => {
    const { sandbox } = stage.stack;
    await sandbox.world
      .answer({ service: 'ec2', operation: 'Late', input: {}, principal: { kind: 'service', arn: 'x' } })
      .catch(() => undefined);
    const { faults } = await stage.play({ ...scene, toTheEnd: false });
    expect(faults).toEqual([expect.stringContaining('does not describe ec2:Late')]);
  });
});
