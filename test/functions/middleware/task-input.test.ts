import { describe, expect, it } from 'vitest';
import { taskInput } from '../../../functions/middleware/task-input.ts';

interface Input {
  readonly id: string;
  readonly seconds: number;
  readonly alert: object;
  readonly names: readonly string[];
}
const fields = { id: 'text', seconds: 'number', alert: 'object', names: 'list' } as const;
const good = { id: 'inc-1', seconds: 1, alert: {}, names: [], more: true };

describe('taskInput', () => {
  it('gives the input back when every field is what it should be', () => {
    expect(taskInput<Input>(good, fields)).toBe(good);
  });

  it('names every field that is not, at once', () => {
    const bad = { id: '', seconds: Number.NaN, alert: [], names: {} };
    expect(() => taskInput<Input>(bad, fields)).toThrow(
      /id is not a text; seconds is not a number; alert is not a object; names is not a list/,
    );
  });

  it.each([undefined, null, 'text', 1])('refuses %j', (event) => {
    expect(() => taskInput<Input>(event, fields)).toThrow(expect.objectContaining({ name: 'TaskInputError' }));
  });
});
