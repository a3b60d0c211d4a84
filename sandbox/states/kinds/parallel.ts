import { BranchGroup } from '../branches.ts';
import type { Json } from '../json.ts';
import { StateError } from '../state-error.ts';
import type { StateFrame, Step } from '../state-frame.ts';

/** Runs a Parallel: every branch on a copy of the same input; the result is their outputs in order. */
export async function runParallel(frame: StateFrame): Promise<Step> {
  const { state, language, branch } = frame;
  const { history } = branch.execution;
  const input = language.selectInput(frame);
  const given = await language.makeArguments(frame, input);
  const started = history.add(branch.cursor, 'ParallelStateStarted');
  const result = await runBranches(frame, given, started);
  history.append(branch.cursor.last, 'ParallelStateSucceeded');
  return { ...(await language.finish(frame, input, result)), next: state.Next };
}

async function runBranches(frame: StateFrame, given: Json, started: number): Promise<Json> {
  const { branch, state } = frame;
  const group = new BranchGroup(branch);
  const results: Json[] = [];
  for (const [index, body] of (state.Branches ?? []).entries()) {
    const line = group.open(started);
    group.start(line, async () => {
      results[index] = await branch.engine.runBody(body, given, line);
    });
  }
  try {
    await group.end();
  } catch (error) {
    throw nameBranchFailure(error);
  } finally {
    branch.cursor.last = group.last;
  }
  return results;
}

/** The failure of a branch keeps its name, and may be caught as `States.BranchFailed` too. */
function nameBranchFailure(error: unknown): unknown {
  if (!(error instanceof StateError)) return error;
  return new StateError({ ...error.details, aliases: [...(error.details.aliases ?? []), 'States.BranchFailed'] });
}
