import type { Scene } from './scene.ts';

/** Longer than any proof of recovery is waited for. */
const longAfter = '8h';
const longAfterSeconds = 9 * 3600;

/** The recovery comes when nobody waits for it any more. It counts from the alarm, so that it comes whatever the repair does. */
export function recoverLate(scene: Pick<Scene, 'world'>): Pick<Scene, 'world' | 'afterwardsSeconds'> {
  return { ...recoverAt(scene, longAfter), afterwardsSeconds: longAfterSeconds };
}

/** The recovery comes so long after the alarm. */
export function recoverAt({ world }: Pick<Scene, 'world'>, at: string): Pick<Scene, 'world'> {
  const happenings = world.happenings.map(({ event, times }) => ({
    at,
    ...(event && { event }),
    ...(times && { times }),
  }));
  return { world: { ...world, happenings } };
}
