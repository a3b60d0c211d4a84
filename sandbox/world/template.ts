import { mapTexts } from '../map-texts.ts';
import { parseDurationMs } from './duration.ts';

/** What the templates in a world's strings may refer to. `nowMs` is epoch milliseconds. */
export interface TemplateValues {
  readonly nowMs: number;
  readonly account: string;
  readonly region: string;
  /** The input of the call that is answered, or that made a happening come; empty when there was none. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Raised when a template of the world refers to something that the call's input does not have. */
export class WorldTemplateError extends Error {
  override readonly name = 'WorldTemplateError' as const;
}

const TEMPLATE = /\{\{(.*?)\}\}/gs;
const WHOLE = /^\{\{((?:(?!\}\}).)*)\}\}$/s;
const NOW = /^now(?:([+-])(\d+[smhd]))?$/;
const INPUT = /^input((?:\.[A-Za-z_][\w-]*|\[\d+\])+)$/;

/** The templates in `value`, at any depth, that a world cannot fill, with the path of each. */
export function findUnknownTemplates(value: unknown, path: readonly (string | number)[] = []): UnknownTemplate[] {
  if (typeof value === 'string') {
    return [...value.matchAll(TEMPLATE)]
      .map((match) => (match[1] ?? '').trim())
      .filter((name) => !isTemplate(name))
      .map((template) => ({ path, template }));
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => findUnknownTemplates(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => findUnknownTemplates(item, [...path, key]));
}

/** A template that nothing can fill, and where it stands. */
export interface UnknownTemplate {
  readonly path: readonly (string | number)[];
  readonly template: string;
}

/** Fills every template in the strings of `value`, at any depth. A string that is one whole template keeps its type. */
export function fillTemplates(value: unknown, values: TemplateValues): unknown {
  return mapTexts(value, (text) => fillText(text, values));
}

function isTemplate(name: string): boolean {
  return name === 'account' || name === 'region' || NOW.test(name) || INPUT.test(name);
}

function fillText(text: string, values: TemplateValues): unknown {
  const whole = WHOLE.exec(text);
  if (whole) return valueOf((whole[1] ?? '').trim(), values);
  return text.replaceAll(TEMPLATE, (_, name: string) => asText(valueOf(name.trim(), values)));
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function valueOf(name: string, values: TemplateValues): unknown {
  if (name === 'account') return values.account;
  if (name === 'region') return values.region;
  const now = NOW.exec(name);
  if (now) return new Date(values.nowMs + offsetMs(now[1], now[2])).toISOString();
  const input = INPUT.exec(name);
  if (!input) throw new WorldTemplateError(`The world cannot fill the template {{${name}}}.`);
  return readInput(name, input[1] ?? '', values.input);
}

function offsetMs(sign: string | undefined, duration: string | undefined): number {
  if (duration === undefined) return 0;
  return parseDurationMs(duration) * (sign === '-' ? -1 : 1);
}

function readInput(name: string, steps: string, input: unknown): unknown {
  let value = input;
  for (const [, field, index] of steps.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]/g)) {
    value = readStep(value, field ?? index ?? '');
    if (value === undefined) {
      throw new WorldTemplateError(
        `The template {{${name}}} of the world asks for something that the call's input ${JSON.stringify(input)} does not have.`,
      );
    }
  }
  return value;
}

function readStep(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
