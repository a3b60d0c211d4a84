import type { Difference } from './difference.ts';

/** An author's own rehearsal, or one that is generated: something breaks, or a guard has to refuse. */
export type ScenarioKind = 'rehearsal' | 'fault' | 'guard';

/** One line of what happened, for people. */
export interface ScenarioStep {
  /** Seconds of the incident's own time since the event. */
  readonly seconds: number;
  /** Real milliseconds since the play began. */
  readonly real_ms: number;
  readonly kind: string;
  readonly text: string;
}

/** What came of one scenario. */
export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly kind: ScenarioKind;
  readonly passed: boolean;
  /** What the runbook answered. */
  readonly outcome: string;
  /** Seconds of the incident's own time, from the event to the end of the runbook. */
  readonly virtual_seconds: number;
  readonly real_ms: number;
  readonly differences: readonly Difference[];
  readonly steps: readonly ScenarioStep[];
}

/** How much of a definition was played. */
export interface Coverage {
  readonly states: { readonly seen: number; readonly of: number };
  readonly transitions: { readonly seen: number; readonly of: number };
  /** Names of states that no scenario entered. */
  readonly missing_states: readonly string[];
  /** Transitions that no scenario made, as `From → To`. */
  readonly missing_transitions: readonly string[];
}

/** What came of rehearsing one runbook. */
export interface RunbookRehearsal {
  readonly id: string;
  readonly passed: boolean;
  /** Whether what can break was played as well, and every guard: only then has every state to be entered. */
  readonly whole: boolean;
  readonly scenarios: readonly ScenarioResult[];
  /** Every changing call that was seen, as `service:Operation`, sorted. */
  readonly mutations: readonly string[];
  readonly coverage: Coverage;
  /** The longest that the runbook took in any scenario, in seconds of the incident's own time. */
  readonly worst_case_seconds: number;
  /** What is wrong beside the scenarios, such as a rehearsal that cannot be read, or what `handsoff validate` says. */
  readonly problems: readonly string[];
  readonly real_ms: number;
}

/** The same with what else is wrong with the runbook, each once: with any of it, it did not pass. */
export function withProblems(result: RunbookRehearsal, problems: readonly string[]): RunbookRehearsal {
  if (problems.length === 0) return result;
  return { ...result, passed: false, problems: [...new Set([...problems, ...result.problems])] };
}
