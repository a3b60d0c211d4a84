/** What each of these members of an error says, from the outside in: of an execution, of a caught error, of a function. */
const members = ['Cause', 'errorMessage'];

/**
 * Text for people whose end may be an error as Step Functions or Lambda writes one, such as
 * `{"errorType":"StartRefusedError","errorMessage":"…","trace":[…]}`: what it says, without its stack. It may have been cut.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function withPlainError(text: string): string {
  const start = text.indexOf('{"');
  if (start < 0) return text;
  const said = saidBy(text.slice(start));
  return said === undefined ? text : text.slice(0, start) + said;
}

function saidBy(json: string): string | undefined {
  for (const name of members) {
    const said = textMemberOf(json, name);
    if (said !== undefined) return saidBy(said) ?? said;
  }
  return undefined;
}

function textMemberOf(json: string, name: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const said: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    return typeof said === 'string' ? said : undefined;
  } catch {
    return cutMemberOf(json, name);
  }
}

/** What may stand in a text of JSON, and how it ends where it was cut. */
const inText = String.raw`(?:[^"\\]|\\u[0-9a-f]{4}|\\[^u])*`;
const cutOff = String.raw`(?:\\(?:u[0-9a-f]{0,3})?)?$`;

/** The member of an object that was cut somewhere, as far as it goes; members before it are texts as well. */
function cutMemberOf(json: string, name: string): string | undefined {
  const form = new RegExp(`^\\{(?:"\\w+":"${inText}",)*"${name}":"(${inText})(?=${cutOff}|"(?:$|,))`, 'i');
  const [, said] = form.exec(json) ?? [];
  if (said === undefined) return undefined;
  try {
    return String(JSON.parse(`"${said}"`));
  } catch {
    return undefined;
  }
}
