import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../cli/project-root.ts';
import { everyWorld } from '../../rehearsal/rehearsal-file.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

it('the alarm that newcomers are told to send comes to its question, and to its recovery', async () => {
  stage.stack.sandbox.meet(everyWorld(projectRoot));
  const { timeline } = await stage.play('disk-space-low-alarm', stage.isAsking);
  expect(timeline.map(({ kind }) => kind)).toEqual(['triggered', 'diagnosed', 'approval-requested']);
  await stage.stack.click('approve', timeline.at(-1)?.approval?.id ?? '', 'U0HANDSOFF1');
  const { incident } = await stage.goOn(60);
  expect(incident).toMatchObject({ status: 'resolved', remediation: 'recovered' });
});
