import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadConfig } from '../../infra/config/load-config.ts';
import { withoutWindows } from '../../infra/config/without-windows.ts';
import { awsEventKinds } from '../../infra/event-patterns.ts';
import { synthesise } from '../../infra/synthesise.ts';
import { loadEvent } from '../support/load-fixture.ts';
import { Stage } from '../support/stage.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const buses = ['aws.partner/datadog.com/main', 'aws.partner/pagerduty.com/on-call'];
/** Names that stay as they are, whichever bus is added or taken out: a rule of another name is another rule. */
const rules = ['handsoff-partner-datadog-10d7447f', 'handsoff-partner-pagerduty-8c604142'];
const outdir = mkdtempSync(join(tmpdir(), 'partner-buses-'));
let stage: Stage;

beforeAll(async () => {
  const config = withoutWindows(loadConfig(projectRoot));
  await synthesise({
    projectRoot,
    bundles: Promise.resolve(inject('bundles')),
    outdir,
    config: {
      ...config,
      listensTo: { aws_events: awsEventKinds.map(({ name }) => name), partner_buses: buses },
      runbooks: config.runbooks.filter(({ manifest }) => manifest.id === 'default'),
    },
    assumeCertified: true,
    validate: false,
  });
  // Throws where EventBridge could not assume the role of a rule.
  stage = await Stage.open({ assembly: outdir, warm: false });
});
afterAll(() => stage?.close());

const [datadog = ''] = buses;
const triggered = () => ({ ...loadEvent('datadog-partner/triggered'), source: datadog });

describe('a partner event bus', () => {
  it('brings an alert to an incident', async () => {
    const { sandbox } = stage.stack;
    sandbox.deliver(triggered(), stage.stack.busOf(triggered()));
    await stage.run(() => sandbox.topics.published().length > 0);
    const [incident] = await stage.stack.incidents();
    expect(incident?.alert.payload.summary, stage.complaints()).toContain('UnHealthyHostCount');
    expect(sandbox.denied()).toEqual([]);
  });

  it('is where its events come in, and what other partners send is on the default bus', () => {
    expect(stage.stack.busOf(triggered())).toBe(datadog);
    expect(stage.stack.busOf({ source: 'aws.partner/datadog.com/another' })).toBe('default');
    expect(stage.stack.busOf({ source: 'handsoff.grafana' })).toBe('handsoff');
  });

  it('lets its rule alone start intake, and no other rule on it', () => {
    const { sandbox } = stage.stack;
    const role = sandbox.assembly.ofType('AWS::IAM::Role').find(({ logicalId }) => logicalId.includes('StartIntake'));
    const assumeFor = (rule: string) => () =>
      sandbox.authority.canAssume(role?.arn ?? '', 'events.amazonaws.com', {
        sourceArn: `arn:aws:events:eu-central-1:123456789012:rule/${rule}`,
      });
    for (const [index, bus] of buses.entries()) {
      expect(assumeFor(`${bus}/${rules[index]}`)).not.toThrow();
      expect(assumeFor(`${bus}/another`)).toThrow(/not authorized/);
    }
    expect(assumeFor(`aws.partner/datadog.com/another/${rules[0]}`)).toThrow(/not authorized/);
  });

  it('leaves room in the policy of every queue, with every kind of events of AWS beside it', () => {
    const policies = stage.stack.sandbox.assembly.ofType('AWS::SQS::QueuePolicy');
    expect(policies.length).toBeGreaterThan(2);
    for (const { logicalId, properties } of policies) {
      const document = properties['PolicyDocument'] as { readonly Statement: readonly unknown[] };
      expect(document.Statement.length, logicalId).toBeLessThanOrEqual(3);
      expect(JSON.stringify(document).length, logicalId).toBeLessThan(2000);
    }
  });

  it('keeps what its rule cannot deliver', async () => {
    const { sandbox } = stage.stack;
    stage.failing('sfn:StartExecution', () => Object.assign(new Error('gone'), { name: 'StateMachineDoesNotExist' }));
    sandbox.deliver({ ...triggered(), id: 'undelivered' }, datadog);
    await stage.goOn(90);
    const kept = sandbox.queues.messages('arn:aws:sqs:eu-central-1:123456789012:handsoff-dead-letters');
    expect(kept.at(-1)?.body).toContain('undelivered');
  });
});
