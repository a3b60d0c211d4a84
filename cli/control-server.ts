import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as realSleep } from 'node:timers/promises';
import { valueAt } from '../functions/domain/fields.ts';
import { type ButtonAction, buttonActions } from '../functions/domain/telling/buttons.ts';
import type { LoadedConfig } from '../infra/config/load-config.ts';
import type { LocalStack } from '../rehearsal/local-stack.ts';
import { messageOf } from './message-of.ts';

/** Where `handsoff send` and its like look for a running sandbox unless told otherwise. */
export const defaultPort = 8642;

/** How often virtual time catches up with real time while serving, in milliseconds. */
const paceMs = 100;
const hourMs = 3_600_000;

/** What was understood and is not done; `status` is HTTP's. */
class Refusal extends Error {
  override readonly name = 'Refusal' as const;
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Route = (stack: LocalStack, parameter: string, body: unknown) => Promise<unknown>;

/** Lets other commands talk to a running stack, over loopback, and lets its time go on at the speed of the wall clock. */
export class ControlServer {
  #stack: LocalStack | undefined;
  #listensTo: LoadedConfig['listensTo'] = { aws_events: [], partner_buses: [] };
  #server: Server | undefined;
  #isPacing = false;
  #extraMs = 0;

  /** Takes a port on loopback, and tells whoever asks before there is a stack to wait. Throws when the port is taken. */
  async listen(port: number): Promise<{ readonly url: string; readonly port: number }> {
    const server = createServer((request, response) => {
      void this.#reply(request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(portError(port, error)));
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
    const address = server.address();
    const actual = typeof address === 'object' && address ? address.port : port;
    return { url: `http://127.0.0.1:${actual}`, port: actual };
  }

  /**
   * Answers for a stack from now on, which was synthesised to listen to this, and lets its virtual time go on until `close`,
   * and with it what it does on a schedule.
   */
  async serve(stack: LocalStack, listensTo: LoadedConfig['listensTo']): Promise<void> {
    this.#stack = stack;
    this.#listensTo = listensTo;
    this.#isPacing = true;
    const { clock } = stack.sandbox;
    const endSchedules = stack.sandbox.events.startSchedules();
    try {
      let target = clock.now();
      while (this.#isPacing) {
        target += paceMs + this.#extraMs;
        this.#extraMs = 0;
        // By the hour: whoever ends it does not wait for a month that was to pass.
        while (this.#isPacing && clock.now() < target)
          await clock.run(undefined, Math.min(target, clock.now() + hourMs));
        await realSleep(paceMs);
      }
    } finally {
      endSchedules();
    }
  }

  async close(): Promise<void> {
    this.#isPacing = false;
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(body)}\n`);
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (!isFromHere(request))
      return { status: 403, body: { error: 'Only programs on this machine may ask, no web page.' } };
    const [, room = '', parameter = ''] = (request.url ?? '').split('/');
    const route = this.#routes[`${request.method} ${room}`];
    if (!route) {
      const error = `There is nothing at ${request.method} ${request.url}. What this port has is for commands, such as \`npx handsoff incidents\`.`;
      return { status: 404, body: { error } };
    }
    const stack = this.#stack;
    if (!stack) return { status: 503, body: { error: 'The sandbox is still coming up. Ask again when it serves.' } };
    try {
      const text = await readText(request);
      const named = decodeURIComponent(parameter);
      const body = await route(stack, named, text ? JSON.parse(text) : undefined);
      return body === undefined
        ? { status: 404, body: { error: `There is no ${room.replace(/s$/, '')} ${named}.` } }
        : { status: 200, body };
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: { error: error.message } };
      return { status: 400, body: { error: messageOf(error) } };
    }
  }

  readonly #routes: Readonly<Record<string, Route>> = {
    'POST events': async (stack, _, event) => {
      if (typeof event !== 'object' || event === null || Array.isArray(event))
        throw new Error('An event is a JSON object.');
      const [{ normaliseEvent }, { whyUnheard }] = await Promise.all([
        import('../functions/adapters/intake/normalise-event.ts'),
        import('./triage/why-unheard.ts'),
      ]);
      const envelope = stack.sandbox.deliver({ ...event }, stack.busOf({ ...event }));
      const read = normaliseEvent(envelope, new Date(stack.sandbox.clock.now()));
      const unheard = whyUnheard(envelope, this.#listensTo);
      return { delivered: true, ...(read.kind === 'poison' && { errors: read.errors }), ...(unheard && { unheard }) };
    },
    'GET incidents': async (stack, id) => {
      if (!id) return stack.incidents();
      const incident = (await stack.incidents()).find((candidate) => candidate.id === id);
      return incident && { incident, timeline: await stack.timeline(id) };
    },
    'GET noise': async (stack) => stack.noise(),
    'GET records': async (stack, runbook) => stack.records(runbook),
    'POST clock': async (stack, _, body) => {
      const milliseconds = Number(valueAt(body, 'advance_ms'));
      if (!(milliseconds > 0))
        throw new Error('Time goes only forward: name a duration above zero, such as 90s, 15m or 2h.');
      this.#extraMs += milliseconds;
      return { now: new Date(stack.sandbox.clock.now() + milliseconds).toISOString() };
    },
    'POST clicks': async (stack, _, body) => {
      const { action, value, user } = { action: '', value: '', user: '', ...(body as object) };
      const known = buttonActions.find((name) => name === action);
      if (!known) throw new Error(`${action} is not a button; there are ${buttonActions.join(', ')}.`);
      return clicked(stack, known, value, user);
    },
  };
}

/** A page in a browser says where it is from, or asks by a name of its own that leads here. */
function isFromHere({ headers: { origin, host = '' } }: IncomingMessage): boolean {
  return origin === undefined && /^(?:127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(host);
}

/** Clicks as somebody. Throws a `Refusal` with what the bot answered that person, or for what the bot would not answer. */
async function clicked(stack: LocalStack, action: ButtonAction, value: string, user: string) {
  const incidentId = await incidentOfButton(stack, action, value);
  if (incidentId === undefined) {
    const what = action === 'approve' || action === 'refuse' ? 'approval' : 'incident';
    throw new Refusal(
      404,
      `There is no ${what} ${value}. Look at \`npx handsoff incidents\` and \`npx handsoff incident <id>\`.`,
    );
  }
  if (!/^[UW][A-Z0-9]{1,30}$/.test(user))
    throw new Refusal(400, `${user} is no member id of Slack; one looks like U0HANDSOFF1.`);
  const before = stack.slack.messages().length;
  const status = await stack.click(action, value, user);
  if (status !== 200) throw new Refusal(502, `The click was answered with status ${status}; nothing was recorded.`);
  const told = stack.slack.messages().slice(before);
  const answer = told.find((message) => message.user === user);
  if (answer) throw new Refusal(409, answer.text);
  return { status, incident_id: incidentId };
}

/** The incident that a button is about; undefined where there is no such button. */
async function incidentOfButton(stack: LocalStack, action: ButtonAction, value: string): Promise<string | undefined> {
  const incidents = await stack.incidents();
  if (action === 'acknowledge' || action === 'resolve') return incidents.find(({ id }) => id === value)?.id;
  for (const { id } of incidents)
    if ((await stack.timeline(id)).some(({ approval }) => approval?.id === value)) return id;
  return undefined;
}

function portError(port: number, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') {
    const what = `Port ${port} is taken, perhaps by another \`handsoff start\``;
    return new Error(`${what}; choose another with --port, or stop that one.`, { cause: error });
  }
  if (error.code !== 'EACCES') return error;
  return new Error(`Port ${port} may not be used on this machine; choose another with --port.`, { cause: error });
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
