const NEEDLESS_ESCAPE = /\\([^A-Za-z0-9^$\\.*+?()[\]{}|/-])/g;
const IGNORE_CASE = /^\(\?i\)/;

/**
 * Compiles an `allowedPattern`, which AWS reads as a Java regular expression and applies to the whole value. Gives
 * undefined for one that is broken, or that JavaScript would read otherwise than Java.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export function compileAllowedPattern(text: string): ((value: string) => boolean) | undefined {
  const source = text.replace(IGNORE_CASE, '').replaceAll(NEEDLESS_ESCAPE, '$1');
  const flags = IGNORE_CASE.test(text) ? 'iu' : 'u';
  try {
    const pattern = new RegExp(`^(?:${source})$`, flags);
    return (value) => pattern.test(value);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
