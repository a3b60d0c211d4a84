/** Raised for a place in a template that nothing is given for. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError' as const;

  constructor(template: string, name: string) {
    super(`The template ${template} has <<${name}>>, and nothing is given for it; correct cli/templates.`);
  }
}

const PLACE = /<<(\w+)>>/g;

/**
 * Fills `<<name>>`. Where it stands alone on its line, each line of its value is indented as it is, and the line goes where
 * the value is empty. Throws a `TemplateError`.
 */
export function fillTemplate(text: string, values: Readonly<Record<string, string>>, template: string): string {
  const valueOf = (name: string) => {
    const value = values[name];
    if (value === undefined) throw new TemplateError(template, name);
    return value;
  };
  return text
    .replace(/^([ ]*)<<(\w+)>>\n/gm, (_, indent: string, name: string) => indented(valueOf(name), indent))
    .replace(PLACE, (_, name: string) => valueOf(name));
}

function indented(value: string, indent: string): string {
  if (value === '') return '';
  const lines = value.replace(/\n$/, '').split('\n');
  return lines.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
}
