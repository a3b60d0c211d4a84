import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, parseDocument } from 'yaml';
import { type Mode, modes } from '../../functions/domain/incident.ts';
import type { RunbookFolder } from '../../infra/config/load-config.ts';
import { PromoteError } from './evidence.ts';

/** The mode that a runbook would be raised to. Throws a `PromoteError` where there is no such step. */
export function targetMode({ manifest }: RunbookFolder, wanted: Mode | undefined): Mode {
  const { id, mode, remediation, approval } = manifest;
  const to = wanted ?? modes[modes.indexOf(mode) + 1];
  if (!remediation) throw new PromoteError(`${id} has no remediation, so there is nothing that it could do.`);
  if (!to || modes.indexOf(to) <= modes.indexOf(mode))
    throw new PromoteError(`${id} is in mode ${mode} already; to lower it, edit its runbook.yaml.`);
  if (to === 'approve' && !approval)
    throw new PromoteError(`${id} names nobody who may approve; add approval to its runbook.yaml first.`);
  return to;
}

/** Writes the mode into the manifest and leaves everything else as it stands, comments too. */
export function raiseMode({ directory }: RunbookFolder, mode: Mode): void {
  const file = join(directory, 'runbook.yaml');
  const text = readFileSync(file, 'utf8');
  const node = parseDocument(text).get('mode', true);
  if (!isScalar(node) || !node.range) throw new PromoteError(`${file} has no mode.`);
  const [start, end] = node.range;
  writeFileSync(file, text.slice(0, start) + mode + text.slice(end));
}
