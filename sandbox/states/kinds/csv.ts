/** The delimiters of `CSVDelimiter`. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
export const DELIMITERS: ReadonlyMap<string, string> = new Map([
  ['COMMA', ','],
  ['PIPE', '|'],
  ['SEMICOLON', ';'],
  ['SPACE', ' '],
  ['TAB', '\t'],
]);

/** Reads the rows of a text in CSV; a field in double quotes may hold delimiters, line ends and doubled quotes. */
export function readRows(text: string, delimiter: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let field = '';
  let isQuoted = false;
  const endField = () => {
    rows.at(-1)?.push(field);
    field = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted && character === '"' && text[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (character === '"' && (isQuoted || field === '')) isQuoted = !isQuoted;
    else if (isQuoted) field += character;
    else if (character === delimiter) endField();
    else if (character === '\n') {
      endField();
      rows.push([]);
    } else if (character !== '\r' || text[at + 1] !== '\n') field += character;
  }
  endField();
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}

/** Names the fields of every row; what a row lacks is empty, and what it has beyond the headers is left out. */
export function nameFields(headers: readonly string[], rows: readonly (readonly string[])[]): Record<string, string>[] {
  const named = headers.map((name, index): [string, number] => [name, index]).filter(isFirstOf(headers));
  return rows.map((row) => Object.fromEntries(named.map(([name, index]) => [name, row[index] ?? ''])));
}

function isFirstOf(headers: readonly string[]): (entry: readonly [string, number]) => boolean {
  return ([name, index]) => headers.indexOf(name) === index;
}
