import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { answersFrom, checkId, type Flags, NewRunbookError } from '../../../cli/new/answers.ts';
import { readTargets } from '../../../cli/new/targets.ts';
import { loadConfig } from '../../../infra/config/load-config.ts';
import { loadEvent } from '../../support/load-fixture.ts';
import { whoTakes } from '../../../validation/who-takes.ts';

const config = loadConfig(fileURLToPath(new URL('../../..', import.meta.url)));
const targets = readTargets();
const answers = (flags: Flags) => answersFrom('checkout-latency', flags, config, targets);

describe('answersFrom', () => {
  it('takes sensible values for what was not said', () => {
    expect(answers({})).toMatchObject({
      title: 'Checkout latency',
      trigger: 'alarm',
      mode: 'observe',
      target: undefined,
    });
    expect(answers({ target: 'ecs-service' })).toMatchObject({ mode: 'approve', namespace: 'AWS/ECS' });
    expect(answers({ target: 'instance', trigger: 'webhook' })).toMatchObject({ mode: 'observe' });
    expect(answers({ target: 'instance', trigger: 'event' })).toMatchObject({ mode: 'observe' });
    expect(answers({ target: 'ecs-service', trigger: 'event' })).toMatchObject({ mode: 'approve' });
  });

  it('knows the target by the namespace of its metric', () => {
    expect(answers({ metric: 'AWS/SQS/NumberOfMessagesSent' }).target?.name).toBe('sqs-queue');
    expect(answers({ metric: 'Shop/FailedOrders' })).toMatchObject({ namespace: 'Shop', metric: 'FailedOrders' });
  });

  it('takes the owner of the service that is named, or the owner itself', () => {
    const [service] = config.deployed.services;
    expect(answers({ service: service?.id ?? '' }).owner).toBe(service?.owner);
    expect(answers({ service: 'shop-team' }).owner).toBe('shop-team');
  });

  it('records the dimensions of the target, and those that were said', () => {
    const { dimensions } = answers({ target: 'ecs-service', dimension: ['ServiceName=pay', 'Stage=prod'] });
    expect(dimensions).toEqual({ ClusterName: 'shop', ServiceName: 'pay', Stage: 'prod' });
  });

  it.each<[string, Flags, RegExp]>([
    ['a target that nobody knows', { target: 'toaster' }, /--target toaster is not known; choose one of instance, .*/],
    ['a trigger that nobody knows', { trigger: 'moon' }, /--trigger moon is not known/],
    ['a mode that nobody knows', { mode: 'yolo' }, /choose one of observe, approve, act/],
    ['a change without a target', { mode: 'act' }, /needs --target, .*: one of instance, ecs-service/],
    ['a change because of a webhook', { trigger: 'webhook', mode: 'act', target: 'instance' }, /outside AWS is never/],
    [
      'a change because of an event that names nothing',
      { trigger: 'event', target: 'sqs-queue', mode: 'act' },
      /--trigger alarm/,
    ],
    ['a title that is empty', { title: ' ' }, /--title is empty/],
    ['a title that no manifest takes', { title: 'x'.repeat(121) }, /--title has 121 characters; .* at most 120/],
    ['a title of two lines', { title: 'Latency\nmode: act' }, /--title has more than one line/],
    ['a metric that is none', { metric: 'latency' }, /write <namespace>\/<name>/],
    ['a dimension that is none', { dimension: ['ServiceName'] }, /write <name>=<value>/],
  ])('refuses %s in one line', (_what, flags, message) => {
    expect(() => answers(flags)).toThrow(NewRunbookError);
    expect(() => answers(flags)).toThrow(message);
    expect(() => answers(flags)).not.toThrow(/\n/);
  });
});

describe('checkId', () => {
  it('takes a name that is free', () => {
    expect(() => checkId('checkout-latency', ['default'])).not.toThrow();
  });

  it.each([
    ['Checkout', /is no name for a runbook/],
    ['checkout_latency', /kebab-case/],
    ['a'.repeat(41), /40 characters/],
    ['../etc', /is no name/],
    ['global', /may not be global: so the kill switch of all runbooks is called/],
    ['disk-space-low', /There is a runbook disk-space-low already: .*, or delete that folder first/],
  ])('refuses %s', (id, message) => {
    expect(() => checkId(id, ['disk-space-low'])).toThrow(message);
  });
});

describe('whoTakes', () => {
  it('names the runbook that an alert starts already, and not the one for what is left', () => {
    expect(whoTakes(config, loadEvent('cloudwatch/ec2-status-check-alarm'))).toBe('ec2-status-check-failed');
    expect(whoTakes(config, {})).toBeUndefined();
  });
});
