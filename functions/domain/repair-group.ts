/** The groups whose members are repaired one by one, as a manifest names them. */
export const groupKinds = ['auto-scaling-group', 'ecs-service', 'target-group'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** How much of a group may be in repair at once. */
export interface GroupShare {
  readonly of: GroupKind;
  /** 1 to 100; whatever it comes to, one member may always be repaired. */
  readonly percent: number;
}

/** The group of a target, as AWS says it is. */
export interface RepairGroup {
  /** `<kind>:<name or ARN>`: the same for every member, and for the group itself. */
  readonly id: string;
  /** Its members that are in service. */
  readonly size: number;
}

export function isGroupShare(value: unknown): value is GroupShare {
  if (typeof value !== 'object' || value === null) return false;
  const { of, percent } = value as Partial<Record<keyof GroupShare, unknown>>;
  return groupKinds.some((kind) => kind === of) && typeof percent === 'number' && percent >= 1 && percent <= 100;
}

/** How many members of a group may be in repair at once: never more than the share, and at least one. */
export function capOf({ size }: RepairGroup, { percent }: GroupShare): number {
  return Math.max(1, Math.floor((size * percent) / 100));
}
