import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../../sandbox/ssm/validate-document.ts';
import type { ScriptRequest, ScriptResult } from '../../../sandbox/world/script.ts';
import { aSystemsManager, anAutomation } from './a-systems-manager.ts';

const asleep = (name: string, more: object = {}) => ({
  name,
  action: 'aws:sleep',
  inputs: { Duration: 'PT10S' },
  ...more,
});
const vpcs = (name: string, more: object = {}) => ({
  name,
  action: 'aws:executeAwsApi',
  inputs: { Service: 'ec2', Api: 'DescribeVpcs', ...more },
});
const payload = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

/** Plays one automation to its end. */
async function play(
  document: ReturnType<typeof anAutomation>,
  elsewhere: Parameters<typeof aSystemsManager>[1] = () => ({}),
  scriptResult?: (request: ScriptRequest) => Promise<ScriptResult>,
) {
  const systems = aSystemsManager({ documents: [document], ...(scriptResult && { scriptResult }) }, elsewhere);
  await systems.start({ DocumentName: 'test' });
  await systems.clock.run();
  const [execution] = systems.ssm.automationExecutions();
  return { ...systems, execution };
}

describe('aws:executeScript', () => {
  const script = {
    name: 'read',
    action: 'aws:executeScript',
    timeoutSeconds: 30,
    inputs: {
      Runtime: 'python3.11',
      Handler: 'read',
      InputPayload: { text: '{{ Name }}' },
      Script: 'def read(events, context):\n  return {"length": len(events["text"])}\n',
    },
    outputs: [{ Name: 'length', Selector: '$.Payload.length', Type: 'Integer' }],
  };

  it('hands the handler its input, and what it returns to the steps that follow', async () => {
    const asked: ScriptRequest[] = [];
    const use = vpcs('use', { MaxResults: '{{ read.length }}', Whole: '{{ read.Payload }}' });
    const { execution, calls, clock } = await play(anAutomation([script, use]), undefined, async (request) => {
      asked.push(request);
      return { outcome: { value: { length: 1 } }, lastsMs: 2000 };
    });
    expect(asked).toEqual([
      {
        documentName: 'test',
        step: 'read',
        runtime: 'python3.11',
        handler: 'read',
        script: script.inputs.Script,
        input: { text: 'x' },
        timeoutSeconds: 30,
      },
    ]);
    expect(execution?.status).toBe('Success');
    expect(calls[0]?.input).toEqual({ MaxResults: 1, Whole: { length: 1 } });
    expect(clock.iso()).toBe('2026-11-20T12:00:02.000Z');
  });

  it.each([
    ['the script fails', { outcome: { error: 'Traceback: KeyError' }, lastsMs: 0 }, 'Failed', 'Traceback: KeyError'],
    ['it takes longer than the step may', { outcome: { value: 1 }, lastsMs: 31_000 }, 'TimedOut', '30 seconds'],
    ['it returns more than 100 KiB', { outcome: { value: 'x'.repeat(102_500) }, lastsMs: 0 }, 'Failed', '102400'],
  ])('fails when %s', async (_, result, status, message) => {
    const { execution } = await play(anAutomation([script]), undefined, async () => result);
    expect(execution).toMatchObject({ status, failureMessage: expect.stringContaining(message) });
  });

  it('fails when nobody describes what the script returns', async () => {
    const { execution } = await play(anAutomation([script]));
    expect(execution).toMatchObject({ status: 'Failed', failureMessage: expect.stringContaining('Nobody describes') });
  });

  it('refuses a runtime that is no Python', () => {
    const { content } = anAutomation([{ ...script, inputs: { ...script.inputs, Runtime: 'PowerShell 7.4' } }]);
    expect(validateDocument(content, 'Automation')).toMatchObject([{ path: 'mainSteps[0].inputs.Runtime' }]);
  });
});

describe('aws:invokeLambdaFunction', () => {
  const invoke = (more: object) => ({
    name: 'ask',
    action: 'aws:invokeLambdaFunction',
    inputs: { FunctionName: 'ask-rundeck', ...more },
  });

  it('gives what the function returned as a text', async () => {
    const use = vpcs('use', { Text: '{{ ask.Payload }}', Status: '{{ ask.StatusCode }}' });
    const steps = [invoke({ InputPayload: { id: '{{ Name }}' }, Payload: '{"old":1}' }), use];
    const { calls } = await play(anAutomation(steps), ({ service }) =>
      service === 'lambda' ? { StatusCode: 200, Payload: payload({ status: 'running' }) } : {},
    );
    expect(calls[0]).toMatchObject({
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: 'ask-rundeck', Payload: payload({ id: 'x' }) },
    });
    expect(calls[1]?.input).toEqual({ Text: '{"status":"running"}', Status: 200 });
  });

  it('fails when the function does, with what it said', async () => {
    const { execution } = await play(anAutomation([invoke({ Payload: '{}' })]), () => ({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      Payload: payload({ errorType: 'RundeckRefusedError', errorMessage: 'no such job' }),
    }));
    expect(execution).toMatchObject({
      status: 'Failed',
      failureMessage: expect.stringMatching(/ask-rundeck failed \(Unhandled\): .*RundeckRefusedError/),
    });
  });
});

describe('aws:loop', () => {
  const state = { ...vpcs('look'), outputs: [{ Name: 'State', Selector: '$.State', Type: 'String' }] };
  const loop = (more: object, Steps: readonly object[] = [state, asleep('wait')]) => ({
    name: 'again',
    action: 'aws:loop',
    inputs: { Steps, ...more },
  });
  const whilePending = { LoopCondition: { Variable: '{{ look.State }}', StringEquals: 'pending' } };

  it('goes on while its condition holds, and later steps see the last turn', async () => {
    const states = ['pending', 'pending', 'available'];
    const steps = [loop(whilePending), vpcs('use', { State: '{{ look.State }}' })];
    const { execution, calls, clock, ask } = await play(anAutomation(steps), ({ input }) =>
      'State' in input ? {} : { State: states.shift() },
    );
    expect(execution?.status).toBe('Success');
    expect(calls.at(-1)?.input).toEqual({ State: 'available' });
    expect(clock.iso()).toBe('2026-11-20T12:00:30.000Z');
    const { AutomationExecution: described } = await ask('GetAutomationExecution', {
      AutomationExecutionId: execution?.id,
    });
    expect(described).toMatchObject({
      StepExecutions: [
        { StepName: 'again' },
        ...[1, 1, 2, 2, 3, 3].map((Iteration) => ({
          ParentStepDetails: { StepName: 'again', Action: 'aws:loop', Iteration },
        })),
        { StepName: 'use' },
      ],
    });
  });

  it('ends at MaxIterations with success, whatever the condition says', async () => {
    const { execution, calls } = await play(anAutomation([loop({ ...whilePending, MaxIterations: 4 })]), () => ({
      State: 'pending',
    }));
    expect(execution?.status).toBe('Success');
    expect(calls).toHaveLength(4);
  });

  it('runs once for each of its iterators', async () => {
    const each = vpcs('look', { VpcIds: ['{{ again.CurrentIteratorValue }}'], Turn: '{{ again.CurrentIteration }}' });
    const { calls } = await play(anAutomation([loop({ Iterators: ['vpc-1', 'vpc-2'] }, [each])]));
    expect(calls.map(({ input }) => input)).toEqual([
      { VpcIds: ['vpc-1'], Turn: 1 },
      { VpcIds: ['vpc-2'], Turn: 2 },
    ]);
  });

  const fail = ({ input }: { readonly input: object }) => {
    if ('Broken' in input) throw new TypeError('broken');
    return { State: 'pending' };
  };
  const broken = (onFailure: string) => ({ ...vpcs('look', { Broken: true }), onFailure });

  it.each([
    ['Abort ends the automation', 'Abort', 'Failed', ['Failed', 'Pending', 'Pending'], 1],
    ['Continue goes on in the loop', 'Continue', 'Success', ['Success', 'Success', 'Success'], 2],
    ['a jump leaves the loop', 'step:last', 'Failed', ['Success', 'Pending', 'Success'], 1],
  ])('reacts as its step does on failure: %s', async (_, onFailure, status, statuses, turns) => {
    const steps = [loop({ Iterators: ['a', 'b'] }, [broken(onFailure)]), asleep('next'), asleep('last')];
    const { execution, calls } = await play(anAutomation(steps), fail);
    expect(execution?.status).toBe(status);
    expect(execution?.steps.map((step) => step.status)).toEqual(statuses);
    expect(calls).toHaveLength(turns);
  });

  it('is stopped by its time limit in the middle of a step', async () => {
    const { execution, clock } = await play(
      anAutomation([{ ...loop(whilePending), timeoutSeconds: 25 }, asleep('next')]),
      () => ({ State: 'pending' }),
    );
    expect(execution).toMatchObject({ status: 'TimedOut' });
    expect(clock.iso()).toBe('2026-11-20T12:00:25.000Z');
  });

  it.each([
    ['neither form', loop({}), 'mainSteps[0].inputs.LoopCondition'],
    ['both forms', loop({ ...whilePending, Iterators: ['a'] }), 'mainSteps[0].inputs.LoopCondition'],
    ['more than 100 turns', loop({ ...whilePending, MaxIterations: 101 }), 'mainSteps[0].inputs.MaxIterations'],
    ['an unknown operator', loop({ LoopCondition: { Variable: 'x', Is: 'x' } }), 'mainSteps[0].inputs.LoopCondition'],
    ['an unknown step', loop({ Iterators: ['a'] }, [asleep('z', { nextStep: 'nowhere' })]), 'nextStep'],
    ['no steps', loop({ Iterators: ['a'] }, []), 'Steps'],
    ['a loop in a loop', loop({ Iterators: ['a'] }, [loop({ Iterators: ['a'] })]), 'Steps[0]'],
    ['a name twice', loop({ Iterators: ['a'] }, [asleep('again')]), 'Steps'],
  ])('is refused with %s', (_, step, where) => {
    const problems = validateDocument(anAutomation([step]).content, 'Automation');
    expect(problems.map(({ path }) => path)).toContainEqual(expect.stringContaining(where));
  });
});

describe('aws:updateVariable', () => {
  const variables = { Count: { type: 'Integer', default: 1 }, Word: { type: 'String' } };
  const update = (Value: unknown, Name = 'variable:Count') => ({
    name: 'update',
    action: 'aws:updateVariable',
    inputs: { Name, Value },
  });
  const use = vpcs('use', { Count: '{{ variable:Count }}' });

  it('gives a variable another value', async () => {
    const { calls } = await play(anAutomation([use, update(2), { ...use, name: 'again' }], { variables }));
    expect(calls.map(({ input }) => input)).toEqual([{ Count: 1 }, { Count: 2 }]);
  });

  it.each([
    ['a value of another type', [update('2')], 'Count is a Integer'],
    ['a variable without a value', [vpcs('use', { Word: '{{ variable:Word }}' })], 'Word has no value yet'],
  ])('fails for %s', async (_, steps, message) => {
    const { execution } = await play(anAutomation(steps, { variables }));
    expect(execution?.failureMessage).toContain(message);
  });

  it('is refused for a variable that the document does not have', () => {
    const { content } = anAutomation([update(1, 'variable:None'), vpcs('use', { None: '{{ variable:None }}' })], {
      variables,
    });
    expect(validateDocument(content, 'Automation').map(({ path }) => path)).toEqual([
      'mainSteps[0].inputs.Name',
      'mainSteps[1].inputs.None',
    ]);
  });
});

describe('aws:createTags', () => {
  const tags = [{ Key: 'handsoff', Value: 'isolated' }];

  it.each([
    ['EC2', 'ec2', 'CreateTags', { Resources: ['i-1'], Tags: tags }],
    ['ManagedInstance', 'ssm', 'AddTagsToResource', { ResourceType: 'ManagedInstance', ResourceId: 'i-1', Tags: tags }],
  ])('tags what is of the type %s', async (ResourceType, service, operation, input) => {
    const step = { name: 'tag', action: 'aws:createTags', inputs: { ResourceType, ResourceIds: ['i-1'], Tags: tags } };
    const { ssm, clock, start, calls } = aSystemsManager({ documents: [anAutomation([step])] });
    await start({ DocumentName: 'test' });
    await clock.run();
    expect(calls[0]).toMatchObject({ service, operation, input });
    expect(ssm.automationExecutions()).toHaveLength(1);
  });
});

describe('onCancel', () => {
  const clearing = { name: 'clear', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'DescribeVpcs' } };
  const onCancel = 'step:clear';

  async function cancelled(steps: readonly object[], more: object = {}) {
    const systems = aSystemsManager({ documents: [anAutomation(steps, more)] });
    const AutomationExecutionId = await systems.start({ DocumentName: 'test' });
    systems.clock.schedule(5000, 'stop', () => void systems.ask('StopAutomationExecution', { AutomationExecutionId }));
    await systems.clock.run();
    const [execution] = systems.ssm.automationExecutions();
    return { ...systems, execution };
  }

  it.each([
    ['of a step', [asleep('a', { onCancel }), asleep('b', { isEnd: true }), clearing]],
    [
      'of a step in a loop',
      [
        {
          name: 'loop',
          action: 'aws:loop',
          inputs: { Iterators: ['x', 'y'], Steps: [asleep('a', { onCancel })] },
        },
        asleep('b', { isEnd: true }),
        clearing,
      ],
    ],
  ])('%s runs what it names, and the automation ends cancelled', async (_, steps) => {
    const { execution, calls, events } = await cancelled(steps);
    expect(execution?.steps.map(({ status }) => status)).toEqual(['Cancelled', 'Pending', 'Success']);
    expect(calls).toHaveLength(1);
    expect(events.map(({ detail }) => detail['Status'])).toEqual(['Pending', 'InProgress', 'Cancelling', 'Cancelled']);
  });

  it('has two minutes, with all that follows', async () => {
    const long = asleep('long', { inputs: { Duration: 'PT5M' } });
    const { execution, clock } = await cancelled([asleep('a', { onCancel, isEnd: true }), clearing, long, asleep('z')]);
    expect(execution?.steps.map(({ status }) => status)).toEqual(['Cancelled', 'Success', 'Cancelled', 'Pending']);
    expect(execution?.status).toBe('Cancelled');
    expect(clock.iso()).toBe('2026-11-20T12:02:05.000Z');
  });

  it.each([
    ['to a step that is not there', [asleep('a', { onCancel: 'step:z' })]],
    ['to an action that cannot be gone to', [asleep('a', { onCancel: 'step:b' }), asleep('b')]],
    [
      'of a loop',
      [{ name: 'a', action: 'aws:loop', onCancel, inputs: { Iterators: ['a'], Steps: [asleep('s')] } }, clearing],
    ],
    ['that is none of the words', [asleep('a', { onCancel: 'Continue' })]],
  ])('%s is refused', (_, steps) => {
    expect(validateDocument(anAutomation(steps).content, 'Automation')).toMatchObject([
      { path: 'mainSteps[0].onCancel' },
    ]);
  });
});
