import { Document, Scalar, visit } from 'yaml';

/**
 * A value as YAML that is read as the same value again. The same thing twice is written twice. A text of blanks and line
 * breaks alone stands in quotes, and one in quotes has its line breaks spelled out: otherwise some of their blanks get lost.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && /^\s+$/.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 120, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
}
