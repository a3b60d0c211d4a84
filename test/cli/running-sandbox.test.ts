import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { askSandbox } from '../../cli/control-client.ts';
import { ControlServer } from '../../cli/control-server.ts';
import { explainEvent } from '../../cli/triage/explain-event.ts';
import { projectRoot } from '../../cli/project-root.ts';
import { runningSandboxCommands } from '../../cli/running-sandbox.ts';
import { loadConfig } from '../../infra/config/load-config.ts';
import { loadEvent } from '../support/load-fixture.ts';
import { Stage } from '../support/stage.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server of something else, with its port. */
async function foreignServer(status: number, body: string): Promise<number> {
  const server = createServer((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

describe('ControlServer', () => {
  it('says which port is taken, and what to do', async () => {
    const port = await foreignServer(200, 'hello');
    const why = `Port ${port} is taken, perhaps by another \`handsoff start\`; choose another with --port, or stop that one.`;
    const server = new ControlServer();
    await expect(server.listen(port)).rejects.toThrow(why);
    await server.close();
  });

  it('holds its port while the stack comes up, and says so', async () => {
    const server = new ControlServer();
    closing.push(() => server.close());
    const { port } = await server.listen(0);
    await expect(askSandbox('GET', 'incidents', undefined, port)).rejects.toThrow('still coming up');
  });

  it('tells whoever opens it in a browser what it is for', async () => {
    const server = new ControlServer();
    closing.push(() => server.close());
    const { port } = await server.listen(0);
    await expect(askSandbox('GET', '', undefined, port)).rejects.toThrow(
      /nothing at GET \/\. .*npx handsoff incidents/,
    );
  });
});

describe('handsoff send', () => {
  it('refuses what a tool sends over HTTP as handsoff explain does', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const send = runningSandboxCommands().find((command) => command.name() === 'send');
    await send?.parseAsync(['test/fixtures/events/pagerduty/acknowledge.json'], { from: 'user' });
    const { errors } = explainEvent(loadEvent('pagerduty/acknowledge'));
    expect(said.mock.calls).toEqual([[expect.stringContaining(`: detail-type ${errors?.[0]?.message}.`)]]);
    process.exitCode = undefined;
    said.mockRestore();
  });
});

describe('ControlServer, asked by a web page', () => {
  it.each([
    ['that says where it is from', { origin: 'https://evil.example' }],
    ['whose own name leads here', { host: 'evil.example:8642' }],
  ])('%s, answers nothing', async (_, headers) => {
    const server = new ControlServer();
    closing.push(() => server.close());
    const { port } = await server.listen(0);
    const status = await new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path: '/incidents', headers }, (answer) => {
        resolve(answer.statusCode);
        answer.resume();
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});

describe('askSandbox', () => {
  it('says so where something else answers on the port', async () => {
    const port = await foreignServer(200, '<!DOCTYPE html>');
    const why = `What answers on port ${port} is no sandbox`;
    await expect(askSandbox('GET', 'incidents', undefined, port)).rejects.toThrow(why);
  });
});

describe('a running sandbox', () => {
  const approver = 'U0HANDSOFF1';
  let stage: Stage;
  let server: ControlServer;
  let port: number;
  let pacing: Promise<void>;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.scene('disk-space-low/rehearsals/compress-recovers');
    await stage.play('disk-space-low-alarm', stage.isAsking);
    server = new ControlServer();
    ({ port } = await server.listen(0));
    pacing = server.serve(stage.stack, loadConfig(projectRoot).listensTo);
  });
  afterAll(async () => {
    await server.close();
    // What is under way in a function would still be when another test looks for its own.
    await pacing;
    await stage.close();
  });

  function click(action: string, value: string, user = approver): Promise<unknown> {
    return askSandbox('POST', 'clicks', { action, value, user }, port);
  }

  it('answers a click with what the bot answered', async () => {
    const { incident, timeline } = await stage.outcome();
    const approval = timeline.find((entry) => entry.approval)?.approval?.id ?? '';
    await expect(click('approve', 'nothing')).rejects.toThrow('There is no approval nothing.');
    await expect(click('resolve', 'inc-nothing')).rejects.toThrow('There is no incident inc-nothing.');
    await expect(click('approve', approval, 'kim')).rejects.toThrow('kim is no member id of Slack');
    await expect(click('approve', approval, 'U0STRANGER1')).rejects.toThrow('You are not among those who may answer');
    expect(await click('approve', approval)).toEqual({ status: 200, incident_id: incident.id });
    await expect(click('approve', approval)).rejects.toThrow(/already/);
    expect(await click('acknowledge', incident.id)).toMatchObject({ status: 200 });
    await expect(click('acknowledge', incident.id)).rejects.toThrow('Somebody was quicker');
  });

  it('says of an event that no rule takes why it does not', async () => {
    const event = loadEvent('ecs/task-of-service-failed-to-start');
    expect(await askSandbox('POST', 'events', event, port)).toEqual({
      delivered: true,
      unheard: 'aws_events of config/sources.yaml does not list ecs-tasks',
    });
  });

  it('puts what came over HTTP on the bus on which it is heard', async () => {
    const detail = { integration: 'pagerduty', piece: { ...loadEvent('pagerduty/trigger') } };
    const event = { source: 'handsoff.pagerduty', 'detail-type': 'Alert Received', detail };
    expect(await askSandbox('POST', 'events', event, port)).toEqual({ delivered: true });
    const incidents = () => askSandbox('GET', 'incidents', undefined, port);
    await expect.poll(incidents, { timeout: 20_000 }).toHaveLength(2);
  });

  it('names what is not there as it was asked for', async () => {
    await expect(askSandbox('GET', 'incidents/inc%2F1', undefined, port)).rejects.toThrow(
      'There is no incident inc/1.',
    );
  });

  it('moves its time only forward', async () => {
    await expect(askSandbox('POST', 'clock', { advance_ms: 0 }, port)).rejects.toThrow('a duration above zero');
  });
});
