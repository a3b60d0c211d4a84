import { AlertStore } from '../../functions/adapters/alert-store.ts';
import type { HeldAlert } from '../../functions/adapters/hold-queue.ts';
import { IncidentStore } from '../../functions/adapters/incident-store.ts';
import { normaliseEvent } from '../../functions/adapters/intake/normalise-event.ts';
import { StormWatch } from '../../functions/adapters/storm-watch.ts';
import type { Alert } from '../../functions/domain/alert.ts';
import type { DeployedConfig } from '../../functions/domain/deployed-config.ts';
import type { Incident } from '../../functions/domain/incident.ts';
import { urgencyOf } from '../../functions/domain/telling/telling-rules.ts';
import { takeAlert } from '../../functions/triage-alert/take-alert.ts';
import type { LoadedConfig } from '../../infra/config/load-config.ts';
import { MemoryTable } from './memory-table.ts';
import { whyUnheard } from './why-unheard.ts';

/** What became of recorded events under one set of rules. */
export interface SimulationResult {
  /** Incidents that were opened, storms included. */
  readonly incidents: readonly Incident[];
  /** Incidents that call somebody when they open, or whose runbook ends in a call because it only looks, and calls because one got worse. */
  readonly pages: number;
  /** How many alerts ended with each reason; events that no rule takes, with `no-rule`. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Causes (`incident_key`) that belong to some incident. */
  readonly covered: ReadonlySet<string>;
  /** Events that no adapter could read. */
  readonly poison: number;
}

/** Triage as it is deployed, on a table in memory and a clock that follows the events. */
export class TriageSimulation {
  readonly #config: DeployedConfig;
  readonly #listensTo: LoadedConfig['listensTo'];
  readonly #table = new MemoryTable();
  readonly #incidents = new IncidentStore(this.#table);
  readonly #held: HeldAlert[] = [];
  readonly #opened: Incident[] = [];
  readonly #covered = new Set<string>();
  readonly #reasons: Record<string, number> = {};
  #poison = 0;
  #calledAgain = 0;

  constructor({ deployed, listensTo }: Pick<LoadedConfig, 'deployed' | 'listensTo'>) {
    this.#config = deployed;
    this.#listensTo = listensTo;
  }

  /** Takes one event as EventBridge delivered it; `at` is when. What waited until then is decided first. */
  async take(event: unknown, at: Date): Promise<void> {
    await this.#release(at);
    // A log group may have collected more than the rules let in, and changed rules may let in more or less.
    if (whyUnheard(event, this.#listensTo, 'any bus') !== undefined) return this.#count('no-rule');
    const normalised = normaliseEvent(event, at, this.#config);
    if (normalised.kind === 'poison') this.#poison++;
    else if (normalised.kind === 'alert') await this.#decide(normalised.alert, at, false);
    else this.#count(normalised.kind === 'noise' ? normalised.reason : 'change');
  }

  /** Lets everything be decided that still waits. */
  async finish(): Promise<SimulationResult> {
    while (this.#held.length > 0)
      await this.#release(new Date(Math.max(...this.#held.map(({ until }) => Date.parse(until)))));
    return {
      incidents: this.#opened,
      pages: this.#opened.filter(isPage).length + this.#calledAgain,
      reasons: this.#reasons,
      covered: this.#covered,
      poison: this.#poison,
    };
  }

  async #release(until: Date): Promise<void> {
    const due = this.#held.filter((held) => Date.parse(held.until) <= until.getTime());
    for (const held of due.toSorted((a, b) => (a.until < b.until ? -1 : 1))) {
      this.#held.splice(this.#held.indexOf(held), 1);
      await this.#decide(held.alert, new Date(held.until), true);
    }
  }

  async #decide(alert: Alert, now: Date, released: boolean): Promise<void> {
    const ports = {
      incidents: this.#incidents,
      alerts: new AlertStore(this.#table, this.#incidents),
      storms: new StormWatch(this.#table),
      holds: { hold: async (held: HeldAlert) => void this.#held.push(held) },
    };
    const { decision, reason, incident } = await takeAlert(alert, ports, this.#config, now, released);
    this.#count(reason);
    if (decision === 'open' || decision === 'open-storm') this.#opened.push(incident as Incident);
    if (decision === 'worsen' && incident) await this.#countCall(incident.id, now);
    if (['open', 'open-storm', 'attach', 'worsen'].includes(decision)) this.#covered.add(alert.incident_key);
  }

  async #countCall(incidentId: string, now: Date): Promise<void> {
    const incident = await this.#incidents.readIncident(incidentId);
    if (incident && urgencyOf('worsened', incident, now.toISOString()) === 'high') this.#calledAgain++;
  }

  #count(reason: string): void {
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1;
  }
}

/** A runbook that only looks ends by calling a person. */
function isPage(incident: Incident): boolean {
  if (urgencyOf('triggered', incident, incident.opened_at) === 'high') return true;
  return incident.mode !== 'act' && urgencyOf('needs-human', incident, incident.opened_at) === 'high';
}
