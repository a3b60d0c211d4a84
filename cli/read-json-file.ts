import { oneLine } from '../functions/domain/telling/plain-text.ts';
import { messageOf } from './message-of.ts';
import { readTextFile } from './read-text-file.ts';

/** What people call it: standard input, where the file is `-`. */
export function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}

/** Reads a JSON file, or standard input for `-`. Throws an error that says which and what to do. */
export function readJsonFile(file: string): unknown {
  const name = nameOf(file);
  let text: string;
  try {
    text = readTextFile(file);
  } catch (error) {
    throw new Error(`${name} could not be read (${messageOf(error)}); name a JSON file, or - for standard input.`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON (${oneLine(messageOf(error))}); an event is one JSON object.`, {
      cause: error,
    });
  }
}
