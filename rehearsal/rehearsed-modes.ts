import type { Mode } from '../functions/domain/incident.ts';
import type { LoadedConfig } from '../infra/config/load-config.ts';
import type { RunbookManifest } from '../infra/config/schemas.ts';

/** A runbook that is rehearsed in another mode than it would be deployed in. */
export interface RaisedRunbook {
  readonly id: string;
  readonly mode: Mode;
}

/**
 * The configuration in the modes that rehearsals play: what only observes and could change something is played in the
 * mode to which it would be raised, because a runbook is rehearsed before it may act, and not after.
 */
export function inRehearsedModes(config: LoadedConfig): {
  readonly config: LoadedConfig;
  readonly raised: RaisedRunbook[];
} {
  const modes = new Map(config.runbooks.map(({ manifest }) => [manifest.id, rehearsedMode(manifest)]));
  const modeOf = (id: string, mode: Mode): Mode => modes.get(id) ?? mode;
  const { deployed, runbooks } = config;
  return {
    config: {
      ...config,
      runbooks: runbooks.map((folder) => {
        const { manifest } = folder;
        return { ...folder, manifest: { ...manifest, mode: modeOf(manifest.id, manifest.mode) } };
      }),
      deployed: {
        ...deployed,
        routes: deployed.routes.map((route) => ({ ...route, mode: modeOf(route.id, route.mode) })),
      },
    },
    raised: runbooks.flatMap(({ manifest: { id, mode } }) => {
      const played = modeOf(id, mode);
      return played === mode ? [] : [{ id, mode: played }];
    }),
  };
}

function rehearsedMode({ mode, remediation, approval }: RunbookManifest): Mode {
  if (mode !== 'observe' || !remediation) return mode;
  return approval ? 'approve' : 'act';
}
