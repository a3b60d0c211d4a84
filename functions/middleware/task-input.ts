/** Raised when a state machine hands a function something it was not wired for; never retried into success. */
export class TaskInputError extends Error {
  override readonly name = 'TaskInputError' as const;

  constructor(problems: readonly string[]) {
    super(`This function was called with the wrong input: ${problems.join('; ')}. Check the Payload of its state.`);
  }
}

type Kind = 'text' | 'number' | 'object' | 'list';

const tests: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: Array.isArray,
};

/** The input of a task once its fields are what the function needs; names every field that is not, at once. */
export function taskInput<Input>(event: unknown, fields: Readonly<Partial<Record<keyof Input & string, Kind>>>): Input {
  if (typeof event !== 'object' || event === null) throw new TaskInputError(['it is not an object']);
  const wrong = Object.entries<Kind | undefined>(fields).filter(
    ([name, kind]) => kind && !tests[kind](Reflect.get(event, name)),
  );
  if (wrong.length > 0) throw new TaskInputError(wrong.map(([name, kind]) => `${name} is not a ${kind}`));
  return event as Input;
}
