import { join } from 'node:path';
import { linkAhead } from '../sandbox/lambda/linked-code.ts';
import { RehearsalStage } from './rehearsal-stage.ts';
import { rehearseFolder } from './rehearse-folder.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** One process with one stage: it rehearses what it is told, one runbook after another. */
let stage: RehearsalStage | undefined;
let opened: Extract<ToWorker, { kind: 'open' }> | undefined;

// A key that stops the command goes to all of its processes; it is the command that ends them.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message: ToWorker) => {
  handle(message).catch((error: unknown) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'failed', message, stack });
  });
});

async function handle(message: ToWorker): Promise<void> {
  if (message.kind === 'link') {
    void linkAhead(message.directories.map((directory) => join(directory, 'index.mjs')));
  } else if (message.kind === 'open') {
    opened = message;
    stage = await RehearsalStage.open(message.prepared.assembly);
    tell({ kind: 'ready' });
  } else if (message.kind === 'close') {
    await stage?.close();
    process.disconnect();
  } else if (stage && opened) {
    const { prepared, hasMatrices } = opened;
    const result = await rehearseFolder(stage, message.runbook, {
      projectRoot: prepared.projectRoot,
      hasMatrices,
      onScenario: (runbook, scenario) => tell({ kind: 'scenario', runbook, result: scenario }),
      onHappened: ({ file, expect }, happened) => tell({ kind: 'happened', file, happened, expected: expect }),
    });
    tell({ kind: 'runbook', result });
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
