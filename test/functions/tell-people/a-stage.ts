import { DeliveryLog } from '../../../functions/adapters/delivery-log.ts';
import { DynamoDbTable } from '../../../functions/adapters/dynamodb-table.ts';
import { type IncidentChange, IncidentStore, openingWrites } from '../../../functions/adapters/incident-store.ts';
import { Slack } from '../../../functions/adapters/slack.ts';
import type { DeployedConfig } from '../../../functions/domain/deployed-config.ts';
import type { EntryKind, Incident } from '../../../functions/domain/incident.ts';
import type { SnsText } from '../../../functions/domain/telling/render-sns.ts';
import { slackChannel } from '../../../functions/tell-people/slack-channel.ts';
import { snsChannel } from '../../../functions/tell-people/sns-channel.ts';
import { type BatchAnswer, tellPeople } from '../../../functions/tell-people/tell-people.ts';
import { VirtualClock } from '../../../sandbox/clock.ts';
import { FakeSlack } from '../../../sandbox/peers/slack.ts';
import { anIncident } from '../../support/an-incident.ts';
import { aTable, tableName } from '../adapters/a-table.ts';

/** What was published, and with which urgency. */
export interface Published extends SnsText {
  readonly urgency: string;
  readonly kind: EntryKind;
}

const config: Pick<DeployedConfig, 'services' | 'channels'> = {
  services: [
    {
      id: 'platform',
      owner: 'platform-team',
      priority: { critical: 'P1', error: 'P2', warning: 'P3', info: 'P4' },
      channel: 'incidents',
      escalation: { patience_seconds: 900, repeat_seconds: 600, times: 3 },
    },
  ],
  channels: { incidents: { slack: 'C0INCIDENTS' } },
};

/** Everything that telling needs: a real table and its stream, a fake Slack on loopback, and topics that remember. */
export async function aStage(options: { botToken?: string; rateLimitPerSecond?: number } = {}) {
  const clock = new VirtualClock(Date.parse('2026-11-02T03:00:05.000Z'));
  const table = await aTable();
  const slack = new FakeSlack({
    clock,
    ...(options.rateLimitPerSecond && { rateLimitPerSecond: options.rateLimitPerSecond }),
  });
  const { url } = await slack.listen();
  const dynamo = new DynamoDbTable(table.client, tableName);
  const incidents = new IncidentStore(dynamo);
  const deliveries = new DeliveryLog(table.client, tableName);
  const published: Published[] = [];
  const counts: string[] = [];
  const logged: unknown[] = [];
  const state = { snsFailures: 0, position: 0 };
  const now = () => new Date(clock.now());
  const publisher = {
    publish: async (urgency: 'high' | 'low', message: { kind: EntryKind }, text: SnsText) => {
      if (state.snsFailures > 0) {
        state.snsFailures -= 1;
        throw new Error('SNS does not answer.');
      }
      published.push({ urgency, kind: message.kind, ...text });
      return `m-${published.length}`;
    },
  };
  const secrets = { read: async () => ({ botToken: options.botToken ?? 'xoxb-1', signingSecret: 's' }) };
  const howOf = () => ['Look at the instance.', 'Restart it.'];
  const ports = {
    incidents,
    channels: [
      snsChannel({ deliveries, publisher, howOf }),
      slackChannel({ deliveries, slack: new Slack(secrets, url), howOf, config }),
    ],
  };
  const write = (...args: unknown[]) => void logged.push(args);
  const report = { logger: { info: write, error: write }, count: (metric: string) => void counts.push(metric) };
  const tell = async (event: unknown): Promise<BatchAnswer> => tellPeople(event, ports, report, now());
  return {
    clock,
    slack,
    deliveries,
    published,
    counts,
    logged,
    state,
    now,
    tell,
    /** Opens an incident, as triage does. */
    open: async (wishes: Partial<Incident> = {}) => {
      const incident = anIncident({ opened_at: now().toISOString(), ...wishes });
      await dynamo.write(
        openingWrites(incident, { id: 'triggered', kind: 'triggered', by: 'handsoff', text: 'It fires.' }, now()),
      );
      return incident.id;
    },
    /** Records one line, as every other function does. */
    record: async (
      incidentId: string,
      kind: EntryKind,
      patch: IncidentChange['patch'] = {},
      { id = kind, text = `Now ${kind}.` }: { readonly id?: string; readonly text?: string } = {},
    ) => incidents.record(incidentId, () => ({ entry: { id, kind, by: 'handsoff', text }, patch }), now()),
    /** Delivers what is new on the stream, and whatever has to come again, once. Answers whether all was told. */
    deliver: async (): Promise<boolean> => {
      const records = table.records.filter(
        ({ eventName, dynamodb }) =>
          eventName === 'INSERT' &&
          String(dynamodb.Keys['sk'] && JSON.stringify(dynamodb.Keys['sk'])).includes('ENTRY#'),
      );
      const batch = records.slice(state.position);
      const { batchItemFailures } = await tell({ Records: batch });
      const failed = batchItemFailures[0]?.itemIdentifier;
      state.position =
        failed === undefined ? records.length : records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === failed);
      return failed === undefined;
    },
    close: async () => {
      await slack.close();
      await table.close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof aStage>>;
