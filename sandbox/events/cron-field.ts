/** What one field of a cron expression may hold. */
export interface CronRange {
  readonly least: number;
  readonly most: number;
  /** Names that stand for `least`, `least + 1`, … */
  readonly names?: readonly string[];
}

export const MONTH_NAMES: readonly string[] = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

const ITEM = /^([^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/;

/** The values that a list of `*`, values, ranges and steps stands for, ascending; undefined when it is not valid. */
export function compileCronField(field: string, range: CronRange): readonly number[] | undefined {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const found = valuesOf(item, range);
    if (!found) return undefined;
    for (const value of found) values.add(value);
  }
  return [...values].sort((left, right) => left - right);
}

/** The number of one value, which may be a name; undefined outside the range. */
export function cronValue(text: string, { least, most, names = [] }: CronRange): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? least + named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function valuesOf(item: string, range: CronRange): readonly number[] | undefined {
  const [, from = '', to, stepText] = ITEM.exec(item) ?? [];
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step < 1 || (from === '*' && to !== undefined)) return undefined;
  const start = from === '*' ? range.least : cronValue(from, range);
  const end = to === undefined ? endOf(from, stepText, start, range) : cronValue(to, range);
  if (start === undefined || end === undefined || end < start) return undefined;
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

function endOf(
  from: string,
  step: string | undefined,
  start: number | undefined,
  range: CronRange,
): number | undefined {
  return from === '*' || step !== undefined ? range.most : start;
}
