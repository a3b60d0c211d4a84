import type { HistoryEvent } from '../sandbox/states/step-functions.ts';
import type { Coverage } from './runbook-rehearsal.ts';

interface State {
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next?: string }[];
  readonly Catch?: readonly { readonly Next?: string }[];
  readonly Branches?: readonly Body[];
  readonly Iterator?: Body;
  readonly ItemProcessor?: Body;
}

interface Body {
  readonly StartAt?: string;
  readonly States?: Readonly<Record<string, State>>;
}

/** Counts, over many executions, which states and transitions of a definition were played. */
export class CoverageCount {
  readonly #states: ReadonlySet<string>;
  readonly #transitions: ReadonlySet<string>;
  readonly #entered = new Set<string>();
  readonly #made = new Set<string>();

  constructor(definition: Readonly<Record<string, unknown>>) {
    this.#states = new Set(statesOf(definition));
    this.#transitions = new Set(transitionsOf(definition));
  }

  /** Notes one execution by its history. */
  add(history: readonly HistoryEvent[]): void {
    const byId = new Map(history.map((event) => [event.id, event]));
    for (const event of history) {
      const name = nameEntered(event);
      if (name === undefined) continue;
      this.#entered.add(name);
      const before = nameLeft(event, byId);
      if (before !== undefined) this.#made.add(arrow(before, name));
    }
  }

  /** What was played so far. */
  coverage(): Coverage {
    const missingStates = [...this.#states].filter((name) => !this.#entered.has(name));
    const missingTransitions = [...this.#transitions].filter((name) => !this.#made.has(name));
    return {
      states: { seen: this.#states.size - missingStates.length, of: this.#states.size },
      transitions: { seen: this.#transitions.size - missingTransitions.length, of: this.#transitions.size },
      missing_states: missingStates,
      missing_transitions: missingTransitions,
    };
  }
}

/** Every state's name, those inside Parallel and Map among them. */
function statesOf(body: Body): string[] {
  return Object.entries(body.States ?? {}).flatMap(([name, state]) => [name, ...innerOf(state).flatMap(statesOf)]);
}

/** Every transition as `From → To`, two ways between the same states being one. */
function transitionsOf(body: Body): string[] {
  return Object.entries(body.States ?? {}).flatMap(([name, state]) => {
    const { Next, Default, Choices = [], Catch = [] } = state;
    const next = [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((caught) => caught.Next)];
    return [
      ...next.filter((to) => to !== undefined).map((to) => arrow(name, to)),
      ...innerOf(state).flatMap(transitionsOf),
    ];
  });
}

function innerOf({ Branches = [], Iterator, ItemProcessor }: State): Body[] {
  return [...Branches, ...[Iterator, ItemProcessor].filter((body) => body !== undefined)];
}

function arrow(from: string, to: string): string {
  return `${from} → ${to}`;
}

function nameEntered(event: HistoryEvent): string | undefined {
  return nameIn(event['stateEnteredEventDetails']);
}

/** The state that was left just before this one was entered; undefined for the first of a machine or a branch. */
function nameLeft(event: HistoryEvent, byId: ReadonlyMap<number, HistoryEvent>): string | undefined {
  for (let before = byId.get(event.previousEventId); before; before = byId.get(before.previousEventId)) {
    const left = nameIn(before['stateExitedEventDetails']);
    if (left !== undefined) return left;
    if (nameEntered(before) !== undefined || before.type === 'MapIterationStarted') return undefined;
  }
  return undefined;
}

function nameIn(details: unknown): string | undefined {
  return typeof details === 'object' && details !== null && 'name' in details ? String(details.name) : undefined;
}
