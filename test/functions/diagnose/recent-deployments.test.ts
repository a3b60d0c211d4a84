import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { recentDeployments } from '../../../functions/diagnose/diagnostics/recent-deployments.ts';
import { anAlert } from '../../support/an-alert.ts';

const now = new Date('2026-11-02T03:00:00Z');
const here = { account: '123456789012', region: 'eu-central-1' };
const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:checkout';
const serviceArn = 'arn:aws:ecs:eu-central-1:123456789012:service/shop/checkout';
const aFunction = { type: 'AWS::Lambda::Function', id: 'checkout', arn: functionArn };
const aService = { type: 'AWS::ECS::Service', id: 'checkout', arn: serviceArn };
const anInstance = { type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' };

function anEvent(name: string, requestParameters: object, time: string, more: object = {}) {
  const CloudTrailEvent = JSON.stringify({ eventName: name, requestParameters, ...more });
  return { EventName: name, EventTime: new Date(time), Username: 'deployer', CloudTrailEvent, ...more };
}

/** The finding about a resource, where CloudTrail knows these events and ECS this service. */
async function findingOf(
  resource: object,
  { events = [], service, isCut = false }: { events?: object[]; service?: object; isCut?: boolean },
  options = {},
) {
  const asked: object[] = [];
  const cloudTrail = Object.assign(new CloudTrailClient({ region: 'eu-central-1' }), {
    send: async ({ input }: { input: { LookupAttributes: { AttributeValue: string }[] } }) => {
      asked.push(input);
      const name = input.LookupAttributes[0]?.AttributeValue;
      const Events = events.filter((event) => Reflect.get(event, 'EventName') === name);
      return { Events, ...(isCut && Events.length > 0 && { NextToken: 'more' }) };
    },
  });
  const ecs = Object.assign(new ECSClient({ region: 'eu-central-1' }), {
    send: async ({ input }: { input: object }) => {
      asked.push(input);
      return { services: service ? [service] : [] };
    },
  });
  const alert = anAlert({ resource: { type: 'unknown', id: 'x', ...resource } });
  return { finding: await recentDeployments({ cloudTrail, ecs }, here)(alert, now, options), asked };
}

describe('recentDeployments', () => {
  it('names the alias that somebody moved, whether by name or by ARN, newest first', async () => {
    const { finding } = await findingOf(aFunction, {
      events: [
        anEvent(
          'UpdateAlias20150331',
          { functionName: functionArn, name: 'live', functionVersion: '42' },
          '2026-11-02T02:55:00Z',
        ),
        anEvent('UpdateFunctionCode20150331v2', { functionName: 'checkout' }, '2026-11-02T02:50:00Z'),
        anEvent(
          'UpdateAlias20150331',
          { functionName: 'invoices', name: 'live', functionVersion: '7' },
          '2026-11-02T02:58:00Z',
        ),
      ],
    });
    expect(finding).toEqual({
      verdict: 'unhealthy',
      summary: 'Deployed in the last 3 hours: alias live to version 42 by deployer at 2026-11-02T02:55:00.000Z.',
      evidence: {
        deployments: [
          'alias live to version 42 by deployer at 2026-11-02T02:55:00.000Z',
          'new code by deployer at 2026-11-02T02:50:00.000Z',
        ],
        newest: '2026-11-02T02:55:00.000Z',
      },
    });
  });

  it('does not count a call that failed', async () => {
    const failed = anEvent('UpdateAlias20150331', { functionName: 'checkout' }, '2026-11-02T02:55:00Z', {
      errorCode: 'ResourceConflictException',
    });
    const { finding } = await findingOf(aFunction, { events: [failed] });
    expect(finding).toEqual({ verdict: 'healthy', summary: 'Nothing was deployed in the last 3 hours.' });
  });

  it('throws where others deployed so much that not all of it was read, unless it found something', async () => {
    const ofOthers = anEvent('UpdateFunctionCode20150331v2', { functionName: 'invoices' }, '2026-11-02T02:55:00Z');
    await expect(findingOf(aFunction, { events: [ofOthers], isCut: true })).rejects.toMatchObject({
      name: 'TooManyEventsError',
    });
    const own = anEvent('UpdateFunctionCode20150331v2', { functionName: 'checkout' }, '2026-11-02T02:50:00Z');
    const { finding } = await findingOf(aFunction, { events: [ofOthers, own], isCut: true });
    expect(finding.verdict).toBe('unhealthy');
  });

  it('names the task definitions of a service that came in the time asked about, and no older ones', async () => {
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/checkout';
    const deployments = [
      {
        status: 'PRIMARY',
        rolloutState: 'FAILED',
        taskDefinition: `${arn}:18`,
        createdAt: new Date('2026-11-02T02:30:00Z'),
      },
      {
        status: 'ACTIVE',
        rolloutState: 'COMPLETED',
        taskDefinition: `${arn}:17`,
        createdAt: new Date('2026-10-28T12:00:00Z'),
      },
    ];
    const { finding, asked } = await findingOf(aService, { service: { createdBy: 'ops', deployments } }, { hours: 1 });
    expect(finding).toMatchObject({
      verdict: 'unhealthy',
      summary: 'Deployed in the last 1 hours: checkout:18 (primary, failed) by ops at 2026-11-02T02:30:00.000Z.',
    });
    expect(asked).toEqual([{ cluster: 'shop', services: [serviceArn] }]);
  });

  it('throws for a service that ECS does not know, so that nobody takes it for undisturbed', async () => {
    await expect(findingOf(aService, {})).rejects.toThrow('ECS knows no service checkout in shop');
  });

  it('names what CodeDeploy began where the resource has no deployments of its own', async () => {
    const deployment = anEvent(
      'CreateDeployment',
      { applicationName: 'shop', deploymentGroupName: 'eu' },
      '2026-11-02T02:10:00Z',
      { EventSource: 'codedeploy.amazonaws.com' },
    );
    const other = anEvent('CreateDeployment', { restApiId: 'a1' }, '2026-11-02T02:20:00Z', {
      EventSource: 'apigateway.amazonaws.com',
    });
    const { finding } = await findingOf(anInstance, { events: [deployment, other] });
    expect(finding.summary).toBe(
      'Deployed in the last 3 hours: shop to eu with CodeDeploy by deployer at 2026-11-02T02:10:00.000Z.',
    );
  });

  it('says who was asked where it finds nothing, and only CodeDeploy could be', async () => {
    expect((await findingOf({ type: 'AWS::RDS::DBInstance', id: 'orders' }, {})).finding).toEqual({
      verdict: 'healthy',
      summary: 'CodeDeploy, which alone was asked, began nothing in the last 3 hours.',
    });
  });

  it('does not know what was deployed to a function of another Region', async () => {
    const arn = functionArn.replace('eu-central-1', 'us-west-2');
    const { finding, asked } = await findingOf({ ...aFunction, arn }, {});
    expect(finding).toEqual({
      verdict: 'unknown',
      summary:
        'What was deployed to it is not known: it is in another account or Region, whose CloudTrail was not asked.',
    });
    expect(asked).toEqual([]);
  });

  it('refuses a time that nobody would look back', async () => {
    await expect(findingOf(aFunction, {}, { hours: 48 })).rejects.toMatchObject({ name: 'DiagnosticOptionsError' });
  });
});
