import type { LoadedConfig } from '../../infra/config/load-config.ts';

/** The change calendar that a rehearsal adds to those of the configuration. Nobody describes it elsewhere: it is open. */
export const rehearsalCalendar = 'handsoff-rehearsal';

const everyAlert = { event_action: ['trigger'] };
const noon = { from: '12:00', to: '14:00', timezone: 'UTC' } as const;

/** A moment in the freeze that a rehearsal adds: days and hours after the Monday night on which it plays. */
export const freezeOffsetHours = 5 * 24 + 10;
/** A moment in the maintenance that a rehearsal adds. */
export const maintenanceOffsetHours = 6 * 24 + 10;

/**
 * The configuration that rehearsals play on: as it is, and beside it a change calendar, a freeze every Saturday at noon
 * and a maintenance every Sunday at noon, so that their guards have something to refuse in every project. Nothing else is
 * played at these times.
 */
export function withRehearsedGuards(config: LoadedConfig): LoadedConfig {
  const { changes, triage } = config.deployed;
  const freeze = { id: 'rehearsed-freeze', match: everyAlert, weekly: { days: ['sat' as const], ...noon } };
  const window = { id: 'rehearsed-maintenance', match: everyAlert, weekly: { days: ['sun' as const], ...noon } };
  return {
    ...config,
    deployed: {
      ...config.deployed,
      changes: {
        ...changes,
        freezes: [...changes.freezes, freeze],
        calendars: [...changes.calendars, rehearsalCalendar],
      },
      triage: { ...triage, maintenance: [...triage.maintenance, window] },
    },
  };
}
