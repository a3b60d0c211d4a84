import type { KillSwitches } from '../domain/guard.ts';
import { type CatalogEntry, parseCatalogEntry } from '../domain/runbook-catalog.ts';
import type { ParameterReader } from './parameter-reader.ts';

/** What the deployed catalog lets a runbook do, and whether it may do anything now; what cannot be read is undefined. */
export async function readCatalog(
  parameters: Pick<ParameterReader, 'read'>,
  runbook: string,
): Promise<{ readonly runbook: CatalogEntry | undefined; readonly killSwitches: KillSwitches }> {
  const names = {
    catalog: `/handsoff/runbooks/${runbook}`,
    globalSwitch: '/handsoff/kill-switch/global',
    runbookSwitch: `/handsoff/kill-switch/${runbook}`,
  };
  const values = await parameters.read(Object.values(names));
  return {
    runbook: parseCatalogEntry(values.get(names.catalog) ?? ''),
    killSwitches: { global: values.get(names.globalSwitch), runbook: values.get(names.runbookSwitch) },
  };
}
