import type { MachineDefinition } from '../sandbox/states/definition.ts';
import type { HistoryEvent } from '../sandbox/states/step-functions.ts';
import { nextOf, statesIn } from './definition-states.ts';
import type { Coverage } from './runbook-rehearsal.ts';

/** Counts, over many executions, which states and transitions of a definition were played. */
export class CoverageCount {
  readonly #states: ReadonlySet<string>;
  readonly #transitions: ReadonlySet<string>;
  readonly #entered = new Set<string>();
  readonly #made = new Set<string>();

  constructor(definition: MachineDefinition) {
    const states = statesIn(definition);
    this.#states = new Set(states.keys());
    // Two ways between the same states are one transition.
    this.#transitions = new Set([...states].flatMap(([name, state]) => nextOf(state).map((to) => arrow(name, to))));
  }

  /** Notes one execution by its history. */
  add(history: readonly HistoryEvent[]): void {
    const byId = new Map(history.map((event) => [event.id, event]));
    for (const event of history) {
      const name = event.stateEnteredEventDetails?.name;
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

function arrow(from: string, to: string): string {
  return `${from} → ${to}`;
}

/** The state that was left just before this one was entered; undefined for the first of a machine or a branch. */
function nameLeft(event: HistoryEvent, byId: ReadonlyMap<number, HistoryEvent>): string | undefined {
  for (let before = byId.get(event.previousEventId); before; before = byId.get(before.previousEventId)) {
    if (before.stateExitedEventDetails) return before.stateExitedEventDetails.name;
    if (before.stateEnteredEventDetails || before.type === 'MapIterationStarted') return undefined;
  }
  return undefined;
}
