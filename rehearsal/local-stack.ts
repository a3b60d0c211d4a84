import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Member } from '../functions/adapters/incident-store.ts';
import type { Incident, TimelineEntry } from '../functions/domain/incident.ts';
import { ownSourcePrefix } from '../functions/domain/own-events.ts';
import type { ButtonAction } from '../functions/domain/telling/buttons.ts';
import type { TrackRecord } from '../functions/domain/track-record.ts';
import type { TriageReason } from '../functions/domain/triage/triage-decision.ts';
import { actionIdOf } from '../functions/domain/telling/slack-blocks.ts';
import type { Assembly } from '../sandbox/assembly/assembly.ts';
import { readAssembly } from '../sandbox/assembly/read-assembly.ts';
import { FakeRundeck } from '../sandbox/peers/rundeck.ts';
import type { Item } from '../sandbox/dynamodb/dynamodb.ts';
import { FakeSlack } from '../sandbox/peers/slack.ts';
import { Sandbox, type SandboxOptions } from '../sandbox/sandbox.ts';
import type { World } from '../sandbox/world/world.ts';
import { playedAccount, playedRegion } from './played-place.ts';

/** One line of the noise ledger. */
export interface NoiseLine {
  readonly reason: TriageReason;
  /** Name of the format it came in. */
  readonly format: string;
  readonly summary: string;
  /** The incident that it belongs to, where there is one. */
  readonly incident_id?: string;
  /** ISO 8601 with milliseconds. */
  readonly recorded_at: string;
}

/** What the HTTP API answered. */
export interface HttpReply {
  readonly status: number;
  readonly body: string;
}

/** What a stack on this machine is made of; the rest is as `Sandbox` has it. */
export interface LocalStackOptions extends Omit<SandboxOptions, 'assembly' | 'parameters' | 'secrets'> {
  /** The directory that was synthesized into. */
  readonly assembly: string;
}

/** One for each function, and some to spare: to load one again takes longer than all that it does in a play. */
const maxWorkers = 40;
const signingSecret = 'a-signing-secret-of-this-machine';
const rundeckToken = 'a-rundeck-token-of-this-machine';

/** The deployed stack in this process, with a chat to talk to: what `handsoff start` serves and what the tests play on. */
export class LocalStack {
  readonly sandbox: Sandbox;
  readonly slack: FakeSlack;
  readonly rundeck: FakeRundeck;
  readonly #tableName: string;
  #clicks = 0;

  private constructor(sandbox: Sandbox, peers: Pick<LocalStack, 'slack' | 'rundeck'>) {
    this.sandbox = sandbox;
    this.slack = peers.slack;
    this.rundeck = peers.rundeck;
    this.#tableName = sandbox.assembly.ofType('AWS::DynamoDB::Table')[0]?.physicalId ?? '';
  }

  static async start({ assembly: directory, ...options }: LocalStackOptions): Promise<LocalStack> {
    const started: { sandbox?: Sandbox } = {};
    const slack = new FakeSlack();
    const rundeck = new FakeRundeck({
      clock: { now: () => started.sandbox?.clock.now() ?? Date.now() },
      tokens: [rundeckToken],
      run: (request) => worldOf(started.sandbox).jobResult(request),
    });
    try {
      const { url } = await slack.listen();
      const parameters = { SlackApiUrl: url, ...rundeckParameters(directory, (await rundeck.listen()).url) };
      const assembly = await readAssembly(directory, { account: playedAccount, region: playedRegion, parameters });
      const sandbox = await Sandbox.start({ maxWorkers, ...options, assembly, secrets: secretsOf(assembly) });
      started.sandbox = sandbox;
      return new LocalStack(sandbox, { slack, rundeck });
    } catch (error) {
      await Promise.all([slack.close(), rundeck.close()]);
      throw error;
    }
  }

  /** Calls `listener` with every line of a timeline as it is written. */
  onEntry(listener: (entry: TimelineEntry, incidentId: string) => void): void {
    const tableArn = this.sandbox.assembly.ofType('AWS::DynamoDB::Table')[0]?.arn ?? '';
    this.sandbox.tables.onStreamRecord(tableArn, ({ eventName, dynamodb }) => {
      if (eventName !== 'INSERT' || !dynamodb.NewImage) return;
      const item = unmarshall(dynamodb.NewImage as Parameters<typeof unmarshall>[0]);
      const { incident_id, ...entry } = withoutKeys(item);
      if (String(item['sk']).startsWith('ENTRY#')) listener(entry as unknown as TimelineEntry, String(incident_id));
    });
  }

  /** The bus on which an event comes in: what came over HTTP, and what a partner sends that we listen to, has one of its own. */
  busOf(event: Readonly<Record<string, unknown>>): string {
    const source = String(event['source']);
    if (source.startsWith(ownSourcePrefix)) return 'handsoff';
    return source.startsWith('aws.partner/') && this.sandbox.events.hasBus(source) ? source : 'default';
  }

  /** All that went wrong in the sandbox or in who is beside it, each once; see `Sandbox.faults`. */
  faults(): readonly Error[] {
    return [...new Set([this.sandbox, this.slack, this.rundeck].flatMap((part) => part.faults()))];
  }

  /** Every incident, oldest first. */
  async incidents(): Promise<Incident[]> {
    return incidentsIn(await this.items());
  }

  /** The lines of an incident's timeline, in order. */
  async timeline(incidentId: string): Promise<TimelineEntry[]> {
    return timelineIn(await this.items(), incidentId);
  }

  /** The alerts that belong to an incident beside the one that opened it. */
  async members(incidentId: string): Promise<Member[]> {
    const items = await this.items();
    const rows = items.filter(({ pk, sk }) => pk === `INCIDENT#${incidentId}` && String(sk).startsWith('MEMBER#'));
    return rows.map(({ firing, alert }) => ({ firing, alert }) as Member);
  }

  /** The noise ledger: alerts that nobody was shown, oldest first. */
  async noise(): Promise<NoiseLine[]> {
    const lines = (await this.items()).filter(({ sk }) => String(sk).startsWith('NOISE#'));
    return lines
      .map((item) => withoutKeys(item) as unknown as NoiseLine)
      .sort((a, b) => (a.recorded_at < b.recorded_at ? -1 : 1));
  }

  /** How a runbook did in every incident that is closed, oldest first. */
  async records(runbook: string): Promise<TrackRecord[]> {
    const items = await this.items();
    return items
      .filter(({ pk }) => pk === `RECORD#${runbook}`)
      .map((item) => withoutKeys(item) as unknown as TrackRecord)
      .sort((a, b) => (a.opened_at < b.opened_at ? -1 : 1));
  }

  /** Every item of the incident table. */
  async items(): Promise<Record<string, unknown>[]> {
    const items = await this.wireItems();
    return items.map((item) => unmarshall(item as Parameters<typeof unmarshall>[0]));
  }

  /** Every item of the incident table, attribute values as on the wire. */
  wireItems(): Promise<readonly Item[]> {
    return this.sandbox.tables.items(this.#tableName);
  }

  /** Puts items into the incident table as what an earlier story had come to: no stream tells of them. */
  restore(items: readonly Item[]): Promise<void> {
    return this.sandbox.tables.restore(this.#tableName, items);
  }

  /** The items below a partition key's prefix, such as `LEASE#`. */
  async itemsBelow(prefix: string): Promise<Record<string, unknown>[]> {
    return itemsIn(await this.items(), prefix);
  }

  /**
   * Clicks a button of an incident's chat message as somebody, signed as Slack signs; `value` is the incident's or the
   * approval's id. Answers the HTTP status.
   */
  async click(action: ButtonAction, value: string, userId: string): Promise<number> {
    const at = Math.floor(this.sandbox.clock.now() / 1000);
    const button = { type: 'button', action_id: actionIdOf(action), value, action_ts: `${at}.${this.#clicks++}` };
    const payload = { type: 'block_actions', user: { id: userId }, channel: { id: 'C0INCIDENTS' }, actions: [button] };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const signature = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
    const response = await fetch(`${this.sandbox.apiUrls[0]}/slack/interactions`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${signature}`,
      },
    });
    await response.text();
    return response.status;
  }

  /** Sends to a path of the stack's HTTP API, as a tool that sends alerts does. Answers the status and the body. */
  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HttpReply> {
    const response = await fetch(`${this.sandbox.apiUrls[0]}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
    return { status: response.status, body: await response.text() };
  }

  /** Sends as Grafana does whose contact point signs: HMAC-SHA256 of time and body. */
  async postSigned(integration: string, body: unknown): Promise<HttpReply> {
    const text = JSON.stringify(body);
    const time = String(Math.floor(this.sandbox.clock.now() / 1000));
    const signature = createHmac('sha256', integrationKeyOf(integration)).update(`${time}:${text}`).digest('hex');
    const headers = { 'x-grafana-alerting-signature': signature, 'x-grafana-time': time };
    return this.post(`/integrations/${integration}`, text, headers);
  }

  /** Ends what runs and forgets what was, in chat as well: what comes next is another story. */
  async abandon(): Promise<void> {
    this.slack.forget();
    await this.sandbox.abandon();
  }

  async close(): Promise<void> {
    await Promise.all([this.sandbox.close(), this.slack.close(), this.rundeck.close()]);
  }
}

/** Every incident among the items of the table, oldest first. */
export function incidentsIn(items: readonly Record<string, unknown>[]): Incident[] {
  const incidents = items
    .filter((item) => item['sk'] === 'INCIDENT')
    .map((item) => withoutKeys(item) as unknown as Incident);
  return incidents.sort((a, b) => (a.opened_at < b.opened_at ? -1 : 1));
}

/** The lines of an incident's timeline among the items of the table, in order. */
export function timelineIn(items: readonly Record<string, unknown>[], incidentId: string): TimelineEntry[] {
  const lines = items.filter(({ pk, sk }) => pk === `INCIDENT#${incidentId}` && String(sk).startsWith('ENTRY#'));
  return lines.map((item) => withoutKeys(item) as unknown as TimelineEntry).sort((a, b) => a.seq - b.seq);
}

/** An item without what only the table needs. */
function withoutKeys({ pk: _pk, sk: _sk, expires_at_epoch: _expires, ...rest }: Record<string, unknown>) {
  return rest;
}

/** The items below a partition key's prefix, such as `LEASE#`. */
export function itemsIn(items: readonly Record<string, unknown>[], prefix: string): Record<string, unknown>[] {
  return items.filter(({ pk }) => String(pk).startsWith(prefix));
}

/** Where Rundeck is on this machine, for a stack that has Rundeck as an executor. */
function rundeckParameters(directory: string, url: string): Record<string, string> {
  const template = readFileSync(join(directory, 'handsoff.template.json'), 'utf8');
  return template.includes('"RehearsedRundeckUrl"') ? { RehearsedRundeckUrl: url } : {};
}

function worldOf(sandbox: Sandbox | undefined): World {
  if (!sandbox) throw new Error('A job of Rundeck was started before the stack was up.');
  return sandbox.world;
}

function secretsOf(assembly: Assembly): Record<string, string> {
  const names = assembly.ofType('AWS::SecretsManager::Secret').map(({ properties }) => String(properties['Name']));
  return {
    ...integrationKeys(names),
    'handsoff/slack': JSON.stringify({ botToken: 'xoxb-of-this-machine', signingSecret }),
    ...(names.includes('handsoff/rundeck') && { 'handsoff/rundeck': JSON.stringify({ token: rundeckToken }) }),
  };
}

/** The key of an integration on this machine: the same every time, so that a tool need be set up once. 32 characters. */
export function integrationKeyOf(id: string): string {
  return createHash('sha256').update(`integration ${id}`).digest('hex').slice(0, 32);
}

function integrationKeys(names: readonly string[]): Record<string, string> {
  const prefix = 'handsoff/integrations/';
  const ids = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return Object.fromEntries(ids.map((id) => [prefix + id, integrationKeyOf(id)]));
}
