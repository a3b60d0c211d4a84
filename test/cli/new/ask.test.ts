import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Flags } from '../../../cli/new/answers.ts';
import { askForTheRest } from '../../../cli/new/ask.ts';
import { readTargets } from '../../../cli/new/targets.ts';

const offers = { targets: readTargets(), owner: 'platform-team' };

/** Answers the questions in order; what was asked comes with what was said. */
async function askWith(flags: Flags, ...lines: readonly string[]) {
  const input = new PassThrough();
  const asked: string[] = [];
  const left = [...lines];
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as unknown as typeof process.stdin);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    asked.push(String(text));
    input.write(`${left.shift() ?? ''}\n`);
    return true;
  });
  const said = await askForTheRest('checkout-latency', flags, offers);
  return { said, asked: asked.join('') };
}

afterEach(() => vi.restoreAllMocks());

describe('the questions of handsoff new', () => {
  it('do not offer a change because of an event that names nothing well enough', async () => {
    const { said, asked } = await askWith({}, '', 'event', 'sqs-queue', '');
    expect(said).toMatchObject({ trigger: 'event', target: 'sqs-queue', mode: 'observe' });
    expect(asked).not.toContain('What may it do');
  });

  it('offer only what can be changed where a mode that changes was said', async () => {
    const { said, asked } = await askWith({ mode: 'act', trigger: 'event' });
    expect(said).toMatchObject({ trigger: 'event', target: 'ecs-service', mode: 'act' });
    expect(asked).toContain('What is it about (ecs-service)?');
  });

  it('refuse at once what no answer mends', async () => {
    await expect(askWith({ trigger: 'alrm' })).rejects.toThrow(/--trigger alrm is not known/);
    await expect(askWith({ mode: 'yolo' })).rejects.toThrow(/--mode yolo is not known/);
    await expect(askWith({ mode: 'act', trigger: 'webhook' })).rejects.toThrow(/outside AWS is never enough/);
  });

  it('name the metric that Enter takes', async () => {
    const { said, asked } = await askWith({ target: 'ecs-service' });
    expect(said).toMatchObject({ trigger: 'alarm', mode: 'approve', metric: 'AWS/ECS/CPUUtilization' });
    expect(asked).toContain('<namespace>/<name>? [AWS/ECS/CPUUtilization]');
  });
});
