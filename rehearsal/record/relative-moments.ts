import { mapTexts } from '../../sandbox/map-texts.ts';

const MOMENT = /(?<!\d)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/**
 * What AWS said at a time, as a world says it. A rehearsal is played at another time, and what an answer says of a moment,
 * within a longer text too, is as long ago then as it was. Two braces in a row would be a template, so they are kept apart.
 */
export function relativeMoments(value: unknown, at: Date | undefined): unknown {
  return mapTexts(value, (text) => {
    const plain = text.replace(/\{(?=\{)/g, '{ ');
    return at ? plain.replace(MOMENT, (moment) => relativeTo(moment, at)) : plain;
  });
}

function relativeTo(moment: string, at: Date): string {
  const seconds = Math.round((Date.parse(moment) - at.getTime()) / 1000);
  return `{{now${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s}}`;
}
