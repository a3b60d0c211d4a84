import type { DescribedScript } from './description.ts';
import { wildcard } from './command.ts';
import { parseDurationMs } from './duration.ts';
import { fillTemplates, type TemplateValues } from './template.ts';

/** One script that `aws:executeScript` of SSM Automation runs. */
export interface ScriptRequest {
  readonly documentName: string;
  /** The step of the document. */
  readonly step: string;
  /** `python3.11` */
  readonly runtime: string;
  /** The function that is called with `input` and a context. */
  readonly handler: string;
  readonly script: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** How long it may run. */
  readonly timeoutSeconds: number;
}

/** What one script gave. `lastsMs` is virtual milliseconds. */
export interface ScriptResult {
  readonly outcome: { readonly value: unknown } | { readonly error: string };
  readonly lastsMs: number;
  /** Of a script that was really run: what its folder had in it at the end. */
  readonly files?: readonly string[];
}

/** Tells whether a described script is for this step; `*` in the document's name stands for any text. */
export function fitsScript(described: DescribedScript, request: ScriptRequest): boolean {
  if (described.step !== undefined && described.step !== request.step) return false;
  return described.document === undefined || wildcard(described.document).test(request.documentName);
}

/** The result of a script that a world answers itself. */
export function describeScript({ output, error, lasts }: DescribedScript, values: TemplateValues): ScriptResult {
  const filled =
    error === undefined ? { value: fillTemplates(output, values) } : { error: String(fillTemplates(error, values)) };
  return { outcome: filled, lastsMs: parseDurationMs(lasts ?? '0s') };
}
