import { readFileSync } from 'node:fs';
import { JsonTextError, readJson } from '../../event-pattern/json-text.ts';
import type { Problem } from './yaml-file.ts';

/** What keeps a file from being JSON, with its place in the file. None where it is JSON, or is not there. */
export function jsonProblems(file: string, shownAs: string): readonly Problem[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  try {
    readJson(text);
    return [];
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const before = text.slice(0, error.at).split('\n');
    return [`${shownAs}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${notJson(error)}`];
  }
}

/** What the deployment and `validate` say alike. */
export function notJson({ message }: JsonTextError): string {
  return `is not JSON: ${message.replace(/\.?$/, '.')} Correct the text here.`;
}
