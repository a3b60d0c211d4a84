import { writeJson } from './bus-event.ts';
import { InvalidRuleError } from './descriptions.ts';
import { JsonTextError, readJson, type JsonNode } from '../../event-pattern/json-text.ts';

/** Puts values into a template; undefined when the outcome is no valid JSON although the template was. */
export type FillTemplate = (values: ReadonlyMap<string, JsonNode | undefined>) => string | undefined;

interface Piece {
  readonly text: string;
  readonly variable?: { readonly name: string; readonly quoted: boolean };
}

const VARIABLE = /<([^<>]*)>/g;
const ANY_VARIABLE = /<[^<>]*>/;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const LINES_OF_TEXT = new RegExp(String.raw`^\s*${STRING}(?:\s*\n\s*${STRING})*\s*$`, 's');

/**
 * Compiles an input template: JSON in which `<name>` stands for a value, or lines of quoted text. Throws
 * `InvalidRuleError` for an unknown name, a name as object key, or a template that is neither.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function compileTemplate(template: string, names: ReadonlySet<string>, id: string): FillTemplate {
  const isText = LINES_OF_TEXT.test(template);
  const pieces = splitTemplate(template);
  for (const { variable } of pieces) {
    if (variable && !names.has(variable.name)) {
      throw new InvalidRuleError(`InputTemplate for target ${id} contains invalid placeholder ${variable.name}.`);
    }
  }
  if (!isText) refuseInvalidJson(pieces, id);
  return (values) => {
    const filled = pieces.map((piece) => fillPiece(piece, values, isText)).join('');
    return isText || parse(filled) ? filled : undefined;
  };
}

function splitTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let quoted = false;
  for (const match of template.matchAll(VARIABLE)) {
    const text = template.slice(start, match.index);
    quoted = isQuotedAfter(text, quoted);
    pieces.push({ text, variable: { name: match[1] ?? '', quoted } });
    start = match.index + match[0].length;
  }
  return [...pieces, { text: template.slice(start) }];
}

function isQuotedAfter(text: string, quoted: boolean): boolean {
  const quotes = text.replace(/\\./gs, '').split('"').length - 1;
  return quotes % 2 === 0 ? quoted : !quoted;
}

function refuseInvalidJson(pieces: readonly Piece[], id: string): void {
  const sample = pieces.map(({ text, variable }) => text + (variable ? sampleOf(variable) : '')).join('');
  const node = parse(sample);
  if (!node) {
    throw new InvalidRuleError(`InputTemplate for target ${id} is neither valid JSON nor text in double quotes.`);
  }
  if (hasVariableKey(node)) {
    throw new InvalidRuleError(`InputTemplate for target ${id} has a placeholder as an object key.`);
  }
}

function sampleOf({ name, quoted }: NonNullable<Piece['variable']>): string {
  return quoted ? `<${name}>` : '""';
}

function hasVariableKey(node: JsonNode): boolean {
  if (node.kind === 'array') return node.items.some(hasVariableKey);
  if (node.kind !== 'object') return false;
  return node.entries.some(([key, value]) => ANY_VARIABLE.test(key) || hasVariableKey(value));
}

function fillPiece(
  { text, variable }: Piece,
  values: ReadonlyMap<string, JsonNode | undefined>,
  isText: boolean,
): string {
  if (!variable) return text;
  const value = values.get(variable.name);
  if (!variable.quoted) return `${text}${value ? writeJson(value) : '""'}`;
  return `${text}${value ? quotedText(value, isText) : ''}`;
}

// EventBridge does not escape what it puts between quotes: a value with quotes or line breaks spoils a JSON template.
function quotedText(value: JsonNode, isText: boolean): string {
  if (value.kind === 'string') return value.value;
  const json = writeJson(value);
  return isText ? json.replaceAll('"', '') : json;
}

function parse(text: string): JsonNode | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonTextError) return undefined;
    throw error;
  }
}
