import { describe, expect, it } from 'vitest';
import { aSystemsManager, anAutomation } from './a-systems-manager.ts';

const sleeps = (duration: string) =>
  anAutomation([{ name: 'Rest', action: 'aws:sleep', inputs: { Duration: duration } }]);

describe('documents', () => {
  it('are given back as the JSON that they were made from', async () => {
    const document = sleeps('PT1S');
    const { ask } = aSystemsManager({ documents: [document] });
    const answer = await ask('GetDocument', { Name: 'test' });
    expect(JSON.parse(String(answer['Content']))).toEqual(document.content);
  });

  it('run as they were edited last', async () => {
    const { ask, start, clock, ssm } = aSystemsManager({ documents: [sleeps('PT1S')] });
    await ask('UpdateDocument', { Name: 'test', Content: JSON.stringify(sleeps('PT60S').content) });
    const began = clock.now();
    await start({ DocumentName: 'test' });
    await clock.run();
    expect(ssm.automationExecutions()[0]?.status).toBe('Success');
    expect(clock.now() - began).toBe(60_000);
  });

  it('keep every version as it was, and run the one that is asked for', async () => {
    const { ask, start, clock, ssm } = aSystemsManager({ documents: [sleeps('PT1S')] });
    expect(await ask('GetDocument', { Name: 'test' })).toMatchObject({ DocumentVersion: '1' });
    await ask('UpdateDocument', { Name: 'test', Content: JSON.stringify(sleeps('PT60S').content) });
    expect(await ask('GetDocument', { Name: 'test' })).toMatchObject({ DocumentVersion: '2' });
    const began = clock.now();
    await start({ DocumentName: 'test', DocumentVersion: '1' });
    await clock.run();
    expect(clock.now() - began).toBe(1000);
    expect(ssm.automationExecutions()[0]?.document.version).toBe('1');
    await expect(start({ DocumentName: 'test', DocumentVersion: '3' })).rejects.toThrow('has no version 3');
  });

  it('are refused where AWS would refuse them, and when they are not there', async () => {
    const { ask } = aSystemsManager({ documents: [sleeps('PT1S')] });
    const bad = { schemaVersion: '0.3', mainSteps: [{ name: 'A', action: 'aws:nothing', inputs: {} }] };
    await expect(ask('UpdateDocument', { Name: 'test', Content: JSON.stringify(bad) })).rejects.toThrow(
      'There is no action aws:nothing',
    );
    await expect(ask('UpdateDocument', { Name: 'test', Content: '{' })).rejects.toThrow('not JSON');
    await expect(ask('GetDocument', { Name: 'other' })).rejects.toThrow('There is no document other');
  });
});
