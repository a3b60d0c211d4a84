import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours text on a terminal, and leaves it alone in a pipe, a file, or where NO_COLOR is set. */
export function paint(style: Style, text: string): string {
  const isPlain = !process.stdout.isTTY || process.env['NO_COLOR'] !== undefined || process.env['TERM'] === 'dumb';
  return isPlain ? text : styleText(style, text);
}
