import { ConfigError } from '../infra/config/load-config.ts';
import { problemText } from '../infra/config/source-file.ts';
import type { RunbookRehearsal } from '../rehearsal/runbook-rehearsal.ts';
import { messageOf } from './message-of.ts';

/** What a report shows where nothing could be rehearsed: why, each problem of the configuration for itself. */
export function nothingRehearsed(error: unknown): RunbookRehearsal {
  const none = { seen: 0, of: 0 };
  return {
    id: 'handsoff rehearse',
    passed: false,
    whole: false,
    scenarios: [],
    mutations: [],
    coverage: { states: none, transitions: none, missing_states: [], missing_transitions: [] },
    worst_case_seconds: 0,
    problems: error instanceof ConfigError ? error.problems.map(problemText) : [messageOf(error)],
    real_ms: 0,
  };
}
