import type { DescribedCommand } from './description.ts';
import { parseDurationMs } from './duration.ts';
import { fillTemplates, type TemplateValues } from './template.ts';

/** One shell that SSM Run Command starts on one managed node. */
export interface CommandRequest {
  readonly documentName: string;
  readonly instanceId: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The step of the document. */
  readonly step?: string;
  /** The lines of the script, with every parameter in its place. */
  readonly script?: readonly string[];
  /** What the agent adds to the environment: `SSM_<parameter>` for each parameter of `interpolationType: ENV_VAR`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long the script may run, in seconds. */
  readonly timeoutSeconds?: number;
}

/** What one shell gave. `lastsMs` is virtual milliseconds. */
export interface CommandResult {
  readonly status: 'Success' | 'Failed' | 'TimedOut';
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly lastsMs: number;
  /** Of a script that was really run: what its folder had in it at the end. */
  readonly files?: readonly string[];
}

/** Tells whether a described command is for this document and node; `*` in the document's name stands for any text. */
export function fitsCommand(command: DescribedCommand, request: CommandRequest): boolean {
  if (command.instance !== undefined && command.instance !== request.instanceId) return false;
  return command.document === undefined || wildcard(command.document).test(request.documentName);
}

/** The result of a described command: an exit code of 0 unless it says otherwise, and the status that goes with it. */
export function describeResult(command: DescribedCommand, values: TemplateValues): CommandResult {
  const status = command.status ?? ((command.exitCode ?? 0) === 0 ? 'Success' : 'Failed');
  return {
    status,
    exitCode: command.exitCode ?? { Success: 0, Failed: 1, TimedOut: -1 }[status],
    stdout: String(fillTemplates(command.stdout ?? '', values)),
    stderr: String(fillTemplates(command.stderr ?? '', values)),
    lastsMs: parseDurationMs(command.lasts ?? '0s'),
  };
}

/** A name in which `*` stands for any text. */
export function wildcard(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
