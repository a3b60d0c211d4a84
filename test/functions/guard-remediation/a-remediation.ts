import { BreakerStore } from '../../../functions/adapters/breaker-store.ts';
import type { IncidentTable } from '../../../functions/adapters/dynamodb-table.ts';
import { GuardView } from '../../../functions/adapters/guard-view.ts';
import { IncidentStore, openingWrites } from '../../../functions/adapters/incident-store.ts';
import { RemediationStore } from '../../../functions/adapters/remediation-store.ts';
import { RepairView } from '../../../functions/adapters/repair-view.ts';
import type { SlackSecret } from '../../../functions/adapters/slack-secret.ts';
import type { Incident } from '../../../functions/domain/incident.ts';
import type { CatalogEntry } from '../../../functions/domain/runbook-catalog.ts';
import {
  finishRemediation,
  type FinishAnswer,
  type FinishRequest,
  type FinishStores,
} from '../../../functions/finish-remediation/finish.ts';
import {
  guard,
  type GuardAnswer,
  type GuardRequest,
  type GuardStores,
} from '../../../functions/guard-remediation/guard.ts';
import { aCatalogEntry } from '../../support/a-catalog-entry.ts';
import { aConfig } from '../../support/a-config.ts';
import { anAlert } from '../../support/an-alert.ts';
import { anIncident } from '../../support/an-incident.ts';

/** What guards remediations of `restart` on a table, with what a test wishes otherwise. */
export class ARemediation {
  readonly incidents: IncidentStore;
  readonly remediations: RemediationStore;
  readonly breakers: BreakerStore;
  readonly #table: IncidentTable;
  catalog: CatalogEntry = aCatalogEntry({ budget_per_hour: 1000 });
  config = aConfig({ storm: { new_per_minute: 1000 } }, { channels: { incidents: { slack: 'C0INCIDENTS' } } });
  killSwitch = 'off';
  /** What Slack gave the app; undefined where Secrets Manager does not answer. */
  slackSecret: SlackSecret | undefined = { botToken: 'xoxb-1', signingSecret: 'a-secret' };
  /** Members of the group `web` in service; undefined where AWS does not tell. */
  groupSize: number | undefined = 100;

  /** What CloudWatch says of every alarm; undefined where it does not answer. */
  alarmState: string | undefined = 'OK';

  constructor(table: IncidentTable) {
    this.#table = table;
    this.incidents = new IncidentStore(table);
    this.remediations = new RemediationStore(table);
    this.breakers = new BreakerStore(table);
  }

  /** Opens the incident of an instance. */
  async open(name: string, now: Date, wishes: Partial<Incident> = {}): Promise<void> {
    const opened = { id: 'triggered', kind: 'triggered', by: 'handsoff', text: 'It fires.' } as const;
    await this.#table.write(openingWrites(incidentOf(name, wishes), opened, now));
  }

  guard(name: string, now: Date, wishes: Partial<GuardRequest> = {}): Promise<GuardAnswer> {
    return guard({ ...requestOf(name), ...wishes }, this.#stores(), now);
  }

  /** Its alarm is OK by then, unless the test says otherwise. */
  async finish(
    name: string,
    now: Date,
    { symptom = 'clear', ...wishes }: Partial<FinishRequest & Pick<Incident, 'symptom'>> = {},
  ): Promise<FinishAnswer> {
    const entry = { id: `cleared#${symptom}`, kind: 'cleared', by: 'handsoff', text: 'The alarm.' } as const;
    const { ending = 'recovered' } = wishes;
    if (ending === 'recovered')
      await this.incidents.record(incidentIdOf(name), () => ({ entry, patch: { symptom } }), now);
    const { incident_id, runbook, target, execution } = requestOf(name);
    const end = { ending: 'recovered', action: 'Restart.', reason: '', evidence: '', permitted: true } as const;
    const request = { incident_id, runbook, target, execution, breaker: this.catalog.breaker, ...end, ...wishes };
    return finishRemediation(request, this.#stores(), now);
  }

  #stores(): GuardStores & FinishStores {
    const values = new Map([
      ['/handsoff/runbooks/restart', JSON.stringify(this.catalog)],
      ['/handsoff/kill-switch/global', this.killSwitch],
      ['/handsoff/kill-switch/restart', 'off'],
    ]);
    return {
      incidents: this.incidents,
      remediations: this.remediations,
      breakers: this.breakers,
      view: new GuardView(this.#table),
      repairs: new RepairView(this.#table),
      alarms: { stateOf: async () => this.alarmState },
      config: this.config,
      parameters: { read: async () => values },
      deployed: { whyUncertified: async () => null },
      calendars: { read: async () => ({ state: 'open' }) },
      chat: {
        read: async () => {
          if (!this.slackSecret) throw new Error('Secrets Manager does not answer.');
          return this.slackSecret;
        },
      },
      groups: {
        read: async () =>
          this.groupSize === undefined ? undefined : { id: 'auto-scaling-group:web', size: this.groupSize },
      },
    };
  }
}

/** ARN of the instance that an incident is about. */
export function targetOf(name: string): string {
  return `arn:aws:ec2:eu-central-1:123456789012:instance/${instanceOf(name)}`;
}

/** The id of the incident of that name. */
export function incidentIdOf(name: string): string {
  return `inc-${name}`;
}

function instanceOf(name: string): string {
  return `i-${name.padStart(8, '0')}`;
}

function requestOf(name: string): GuardRequest {
  const parameters = { InstanceId: instanceOf(name) };
  const execution = `arn:aws:states:eu-central-1:123456789012:execution:handsoff-remediate:inc-${name}`;
  return { incident_id: incidentIdOf(name), runbook: 'restart', target: targetOf(name), parameters, execution };
}

function incidentOf(name: string, wishes: Partial<Incident>): Incident {
  const resource = { arn: targetOf(name), type: 'AWS::EC2::Instance', id: instanceOf(name) };
  return anIncident({ id: incidentIdOf(name), runbook: 'restart', alert: anAlert({ resource }), ...wishes });
}
