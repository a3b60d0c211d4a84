/** One answer of AWS, or one failure, and what was asked when. */
export interface RecordedAnswer {
  /** `<sdk service>:<Operation>` */
  readonly call: string;
  /** What was asked, as the SDK spells it. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly at: Date | undefined;
  /** What a world says beside the call. */
  readonly says: {
    readonly input?: unknown;
    readonly after?: string;
    readonly output?: unknown;
    readonly error?: unknown;
    readonly times?: number;
  };
}

type Said = RecordedAnswer['says'] & { readonly call: string };

/**
 * Answers as a world lists them, in the order in which they were asked for. `isConcurrent` where calls may come in another
 * order when they are made again: what they ask tells them apart then.
 */
export function answersInOrder(recorded: readonly RecordedAnswer[], isConcurrent: boolean): Said[] {
  const asked = recorded.toSorted((one, other) => (one.at?.getTime() ?? 0) - (other.at?.getTime() ?? 0));
  const said = asked.map(({ call, says, ...answer }) => {
    const input = isConcurrent ? tellingInput({ call, says, ...answer }, recorded) : undefined;
    return { call, ...(input && { input }), ...says };
  });
  return lastHolds(latestFirst(said));
}

/** Of answers that hold after a call the latest comes first, because the first that fits is given. */
function latestFirst(answers: readonly Said[]): Said[] {
  const isLater = ({ after }: Said) => after !== undefined;
  return [...answers.filter(isLater).toReversed(), ...answers.filter((answer) => !isLater(answer))];
}

/** What is asked once more than it was is answered as it was last. */
function lastHolds(answers: readonly Said[]): Said[] {
  const keyOf = ({ call, input }: Said) => JSON.stringify([call, input]);
  return answers.map((answer, index) => {
    const { times: _times, ...holding } = answer;
    const isLast = !answers.slice(index + 1).some((later) => keyOf(later) === keyOf(answer));
    // Diagnostics are asked for anew each time.
    return isLast && !keyOf(answer).includes('handsoff-diagnose') ? holding : answer;
  });
}

/** The members in which this call differs from others of its kind, as an event pattern. */
function tellingInput(
  { call, asked }: RecordedAnswer,
  recorded: readonly RecordedAnswer[],
): Record<string, unknown> | undefined {
  const others = recorded.filter((other) => other.call === call).map((other) => other.asked);
  const isTelling = (name: string) =>
    others.some((other) => JSON.stringify(patternOf(other[name])) !== JSON.stringify(patternOf(asked[name])));
  const names = [...new Set(others.flatMap((other) => Object.keys(other)))].filter(isTelling);
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, patternOf(asked[name]) ?? [{ exists: false }]]));
}

/** An event pattern that a value fits; undefined for one that says nothing, as a moment does when it is asked again. */
function patternOf(value: unknown): unknown {
  if (Array.isArray(value)) return patternOfList(value);
  if (typeof value !== 'object' || value === null) return isMoment(value) ? undefined : [value];
  const members = Object.entries(value).flatMap(([name, item]) => {
    const pattern = patternOf(item);
    return pattern === undefined ? [] : [[name, pattern] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** A pattern looks into lists by itself: each of their elements is as good as the list. */
function patternOfList(values: readonly unknown[]): unknown {
  const texts = values.filter((item) => typeof item !== 'object' && !isMoment(item));
  return texts.length > 0 ? texts : patternOf(values[0]);
}

function isMoment(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value));
}
