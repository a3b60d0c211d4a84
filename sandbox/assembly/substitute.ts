const VARIABLE = /\$\{(!?)([^{}]*)\}/g;

/**
 * Puts values into the `${Name}` and `${Name.Attribute}` of a `Fn::Sub` text; `${!Name}` becomes the literal `${Name}`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html
 */
export function substitute(text: string, valueOf: (name: string) => string): string {
  return text.replaceAll(VARIABLE, (_match, literal: string, name: string) =>
    literal ? `\${${name}}` : valueOf(name.trim()),
  );
}

/** The names of the variables of a `Fn::Sub` text, literals left out. */
export function variablesOf(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].filter(([, literal]) => !literal).map(([, , name = '']) => name.trim());
}
